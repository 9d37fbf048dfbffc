// Which column of a song table holds what.
#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "songs/song.h"

namespace fer {

/// Names of columns; empty: the table has no such column.
struct ColumnMap {
  std::string name;  ///< of the format: "spotify_moods", "muse", "report"
  std::string track_id, track_name, artist_name, album_name, source_genre, mood,
      popularity, link;
  std::array<std::string, kFeatures> features;

  const std::string& column(Feature f) const {
    return features[static_cast<size_t>(f)];
  }
};

/// The formats that are known by their header, in the order in which they are
/// tried: the moods table, MuSe, the report's table.
std::span<const ColumnMap> known_formats();

/// The format of this header; columns that the table lacks are emptied.
/// DataError that names the nearest format and what it misses.
ColumnMap recognise_columns(const std::vector<std::string>& header,
                            const std::filesystem::path& path);

/// Reads a file such as configs/songs/kaggle_tracks.yaml: one map `columns`
/// from our names (track_name, ..., danceability, ...) to those of the table.
/// track_name and track_id or link are needed. ConfigError with all faults.
ColumnMap read_column_map(const std::filesystem::path& path);

/// A map of the user's against a header: every column that it names must be
/// there. DataError with the nearest name.
void check_columns(const ColumnMap& map, const std::vector<std::string>& header,
                   const std::filesystem::path& path);

/// Our names, in the order of the documents.
std::vector<std::string> column_names();

}  // namespace fer
