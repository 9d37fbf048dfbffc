// Whether clusters that never saw a mood agree with the moods of the songs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "songs/song.h"

namespace fer {

/// Hubert and Arabie's adjusted Rand index (1985) of two labellings of the same
/// things, labels from 0: 1 for equal partitions, 0 on average for random ones.
/// 1 where both put all into one group or each apart. Error for other sizes.
double adjusted_rand_index(const std::vector<int>& a,
                           const std::vector<int>& b);

/// Share of things that bear the most frequent class of their cluster, 0 to 1.
double purity(const std::vector<int>& clusters,
              const std::vector<int>& classes);

/// Songs that have a genre (cheerful, sombre) and a mood, counted.
struct MoodAgreement {
  std::vector<std::string> moods, genres;    ///< in alphabetical order
  std::vector<std::vector<int64_t>> counts;  ///< [moods, genres]
  int64_t songs = 0;
  double rand_index = 0;
  double purity = 0;
  double chance_purity = 0;       ///< mean over shuffled moods
  double chance_purity_high = 0;  ///< 95 % of the shuffles stay below
  double p = 1;                   ///< (1 + shuffles as pure) / (1 + shuffles)

  /// Songs of a mood (letter case ignored), and those of them in a genre.
  int64_t of_mood(const std::string& mood) const;
  int64_t in_genre(const std::string& mood, const std::string& genre) const;
};

/// Nothing when no song has both.
std::optional<MoodAgreement> mood_agreement(const std::vector<Song>& songs,
                                            int shuffles = 1000,
                                            uint64_t seed = 0);

/// Mean of the share of Happy songs that are `cheerful` and of Sad songs that
/// are `sombre`: how often the report's policy would serve the mood of the face
/// if both faces were as frequent. 0.5 is chance. None without such songs.
std::optional<double> served_right(const MoodAgreement& agreement);

/// From which served_right() on a clustering is said to separate the moods.
inline constexpr double kSeparates = 0.75;

/// One or two sentences for a person: whether the genres separate happy from
/// sad songs, and what they separate instead.
std::string agreement_sentence(const MoodAgreement& agreement);

}  // namespace fer
