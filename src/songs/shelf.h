// Songs of one emotion in the order of a policy, one at a time, so that a
// catalogue of any size is read only as far as it is needed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "songs/emotion.h"
#include "songs/song.h"
#include "songs/song_database.h"

namespace fer {

class Shelf {
 public:
  virtual ~Shelf() = default;
  /// The next song; nothing after the last.
  virtual std::optional<Song> next() = 0;
};

/// The most popular first, then by id; songs without popularity last. Where
/// `column` ("genres", "mood") is not null, only songs of that value.
std::unique_ptr<Shelf> popular_shelf(const SongDatabase& songs,
                                     const char* column,
                                     const std::string& value);

/// The nearest first by Euclidean distance between the ranks of valence,
/// arousal and, where the catalogue has it, dominance, and `point`; ties by
/// popularity, then id. Songs without ranks are left out.
std::unique_ptr<Shelf> nearest_shelf(const SongDatabase& songs,
                                     const MoodPoint& point);

/// These songs in this order.
std::unique_ptr<Shelf> list_shelf(std::vector<Song> songs);

/// Squared distance of a song's ranks from `point`; infinite without ranks.
double squared_distance(const Song& song, const MoodPoint& point);

}  // namespace fer
