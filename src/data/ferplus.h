// FER+ (Barsoum et al. 2016, arXiv:1608.01041): ten people's votes on every
// image of FER2013, in a table `file,neutral,happiness,...,unknown,NF`.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace fer {

/// One number per column, in the order of kFerplusClasses.
using Votes = std::array<int, 10>;

/// FER+'s columns by the names of FER2013's folders. The last three are no
/// folder there; unknown and NF (not a face) are no expression.
inline constexpr std::array<const char*, 10> kFerplusClasses = {
    "neutral", "happy", "surprise", "sad",     "angry",
    "disgust", "fear",  "contempt", "unknown", "NF"};

/// Votes by the image's path. DataError: columns missing, a path twice, votes
/// that are no whole number from 0 to 10, a row without votes.
std::unordered_map<std::string, Votes> read_ferplus(
    const std::filesystem::path& path);

/// Votes as classes of a data set.
class Ballot {
 public:
  /// `relabel` renames FER2013's classes (data.relabel); columns that get one
  /// name are counted together.
  explicit Ballot(const std::map<std::string, std::string>& relabel);

  /// What there is to choose from, `unknown` and `NF` last.
  const std::vector<std::string>& names() const { return names_; }

  /// Votes per name. A vote that nobody shares is an outlier and not counted
  /// (as in the code of its authors).
  std::vector<int> count(const Votes& votes) const;

  /// The names with the most counted votes: one, or several where they tie.
  std::vector<std::string> winners(const Votes& votes) const;

 private:
  std::vector<std::string> names_;
  std::array<size_t, 10> name_of_column_{};
};

}  // namespace fer
