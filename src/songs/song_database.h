// The catalogue on disk: SQLite, table `songs`, first the five columns of the
// report (track_id, track_name, artist_name, genres, popularity), then all that
// is known. docs/songs.md lists them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "songs/song.h"
#include "songs/sqlite.h"

namespace fer {

/// SQLite's user_version of catalogues that this program writes and reads.
inline constexpr int64_t kSongSchema = 1;

/// Replaces `path` by a catalogue of these songs, whole or not at all; `facts`
/// (one JSON object) is kept beside them. DataError where `path` exists and is
/// no catalogue of ferbench's: it is left as it is.
void write_song_database(const std::filesystem::path& path,
                         const std::vector<Song>& songs, const Json& facts);

/// Throws what write_song_database would throw before anything is read.
void check_may_replace(const std::filesystem::path& path);

/// A catalogue, open for reading. Not for several threads at once.
class SongDatabase {
 public:
  /// DataError for a missing file, another kind of file, another schema.
  explicit SongDatabase(const std::filesystem::path& path);
  SongDatabase(const SongDatabase&) = delete;
  SongDatabase& operator=(const SongDatabase&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const Sqlite& connection() const { return connection_; }

  int64_t size() const;
  Json facts() const;

  /// All songs, ordered by id.
  std::vector<Song> all() const;
  std::optional<Song> find(const std::string& id) const;

  /// The most popular first. Empty genre or mood: any.
  std::vector<Song> list(const std::string& genre, const std::string& mood,
                         size_t count) const;

  /// "cheerful 442, sombre 244"; "" when no song has a genre (mood).
  std::string stock_of_genres() const;
  std::string stock_of_moods() const;

 private:
  std::filesystem::path path_;
  Sqlite connection_;
  mutable std::unique_ptr<Statement> find_;
};

/// The columns of a song for a SELECT, and the song of such a row.
const std::string& song_columns();
Song song_of(const Statement& row);

}  // namespace fer
