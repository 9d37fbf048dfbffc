// From the emotions of a face to songs. Deterministic: the same catalogue and
// emotions give the same songs, whatever the order of the imported rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "songs/burst.h"
#include "songs/feedback.h"
#include "songs/song_database.h"

namespace fer {

struct RecommendOptions {
  std::string policy = "report";
  size_t count = 7;                ///< songs at most, 1 to 1000
  std::filesystem::path playlist;  ///< needed by the policy of that name
  std::filesystem::path feedback;  ///< empty: none
};

/// A song, and the emotion that it is for.
struct Pick {
  Song song;
  FaceEmotion emotion;
};

struct EmotionPart {
  FaceEmotion emotion;
  int64_t frames = 0;
  size_t songs = 0;  ///< of the recommendation
};

struct Recommendation {
  std::string policy;
  std::vector<EmotionPart> emotions;  ///< the most frequent first
  std::vector<Pick> songs;            ///< no song twice
  std::vector<std::string> notes;     ///< what was left out, for a person
};

/// DataError unless the count is 1 to 1000, and a playlist is given to the
/// policy of that name and to no other.
void check_options(const RecommendOptions& options);

/// Gives each emotion its share of the songs (largest remainder), takes them
/// from its shelf, and mixes them evenly. An emotion that the policy does not
/// know is left out with a note; an emotion with too few songs leaves the list
/// shorter, with a note. Throws DataError when the policy knows none of the
/// emotions, or the catalogue has no song for one of them.
///
/// Feedback re-ranks: from the first 5 x songs of a shelf that were not
/// skipped, those liked come first, then the others, each in the shelf's order;
/// skipped songs fill up only what would stay empty.
Recommendation recommend(const SongDatabase& songs, const Burst& burst,
                         const RecommendOptions& options = {});

/// Seats in proportion to the weights (Hamilton's method): the whole parts,
/// then one each to the largest remainders; ties to the earlier one. Weights
/// are not negative and not all zero; Error otherwise.
std::vector<size_t> largest_remainder(std::span<const int64_t> weights,
                                      size_t seats);

}  // namespace fer
