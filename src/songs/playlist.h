// The user's own playlists (source 002).
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "songs/emotion.h"

namespace fer {

/// Ids of songs, repeats dropped. One list for all emotions, or one for each.
struct Playlist {
  std::filesystem::path path;
  bool by_emotion = false;
  std::vector<std::string> own;
  std::array<std::vector<std::string>, kEmotions> lists;

  const std::vector<std::string>& of(FaceEmotion emotion) const {
    return by_emotion ? lists[static_cast<size_t>(emotion)] : own;
  }
};

/// *.yaml or *.yml: a map from emotions to lists of songs. Any other file: one
/// song a line, such as an M3U; lines with # are comments. A song is a Spotify
/// id, "spotify:track:<id>", a link, or the page that stands for an id. Throws
/// DataError or ConfigError with path and line; DataError for an empty list.
Playlist read_playlist(const std::filesystem::path& path);

}  // namespace fer
