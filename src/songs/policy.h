// Which songs an emotion gets: one line of a table each.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "songs/playlist.h"
#include "songs/shelf.h"

namespace fer {

/// What a policy chooses from. `playlist` is for the policy of that name.
struct PolicyInputs {
  const SongDatabase& songs;
  const Playlist* playlist = nullptr;
  /// What a person must know: songs of a playlist that the catalogue lacks.
  std::vector<std::string>* notes = nullptr;
};

struct Policy {
  const char* name;
  const char* source;  ///< where it comes from
  const char* help;    ///< one sentence
  /// Whether it has an answer to this emotion.
  bool (*knows)(FaceEmotion);
  /// What the songs of an emotion are called: "cheerful", "mood Calm".
  std::string (*wants)(FaceEmotion);
  /// DataError that names what there is, when there is no song for it.
  std::unique_ptr<Shelf> (*shelf)(const PolicyInputs&, FaceEmotion);
};

/// report, mood_table, valence_arousal, playlist.
std::span<const Policy> policies();

/// DataError that lists the names.
const Policy& find_policy(std::string_view name);

}  // namespace fer
