#include "data/ferplus.h"

#include <algorithm>
#include <charconv>

#include "core/csv.h"
#include "core/error.h"

namespace fer {
namespace {

// The heads of the columns in FER+'s table.
constexpr std::array<const char*, 10> kColumns = {
    "neutral", "happiness", "surprise", "sadness", "anger",
    "disgust", "fear",      "contempt", "unknown", "NF"};

int vote_of(const std::string& text, const std::string& file,
            const std::filesystem::path& path) {
  int votes = -1;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, votes);
  if (error != std::errc() || at != end || votes < 0 || votes > 10) {
    fail<DataError>(
        "[ferplus] expected votes from 0 to 10; got '{}' for {} ({}). Take the "
        "table as it was published.",
        text, file, path.string());
  }
  return votes;
}

}  // namespace

std::unordered_map<std::string, Votes> read_ferplus(
    const std::filesystem::path& path) {
  const CsvTable table = read_csv(path);
  const size_t file = table.column("file");
  std::array<size_t, 10> columns;
  std::ranges::transform(kColumns, columns.begin(),
                         [&](const char* name) { return table.column(name); });
  std::unordered_map<std::string, Votes> all;
  all.reserve(table.rows.size());
  for (const auto& row : table.rows) {
    Votes votes;
    for (size_t k = 0; k < votes.size(); ++k)
      votes[k] = vote_of(row[columns[k]], row[file], path);
    if (std::ranges::count(votes, 0) == 10) {
      fail<DataError>(
          "[ferplus] expected somebody's vote for every image; got none for {} "
          "({}). Remove the row or take the table as it was published.",
          row[file], path.string());
    }
    if (!all.emplace(row[file], votes).second) {
      fail<DataError>(
          "[ferplus] expected each image once; got {} twice ({}). Remove one.",
          row[file], path.string());
    }
  }
  return all;
}

Ballot::Ballot(const std::map<std::string, std::string>& relabel) {
  for (size_t k = 0; k < kFerplusClasses.size(); ++k) {
    const auto renamed = relabel.find(kFerplusClasses[k]);
    const std::string name =
        renamed == relabel.end() ? kFerplusClasses[k] : renamed->second;
    const auto known = std::ranges::find(names_, name);
    name_of_column_[k] = static_cast<size_t>(known - names_.begin());
    if (known == names_.end()) names_.push_back(name);
  }
}

std::vector<int> Ballot::count(const Votes& votes) const {
  std::vector<int> counts(names_.size());
  for (size_t k = 0; k < votes.size(); ++k)
    counts[name_of_column_[k]] += votes[k] > 1 ? votes[k] : 0;
  return counts;
}

std::vector<std::string> Ballot::winners(const Votes& votes) const {
  const std::vector<int> counts = count(votes);
  const int most = std::ranges::max(counts);
  std::vector<std::string> names;
  for (size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] == most) names.push_back(names_[k]);
  }
  return names;
}

}  // namespace fer
