// A song table: every readable row, and an account of the others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "songs/column_map.h"
#include "songs/song.h"

namespace fer {

enum class BadRows {
  kSkip,  ///< left out and counted
  kStop,  ///< DataError at the first one
};

/// Which songs count as the same; the first row of each stays.
enum class Same {
  kReport,  ///< same id, then same name, as the report's two drop_duplicates
  kArtist,  ///< same id, then same name by the same artist
  kId,      ///< same id
};

/// Rows that were left out for one reason.
struct Damage {
  std::string reason;
  int64_t rows = 0;
  size_t first_line = 0;
};

struct SongTable {
  std::vector<Song> songs;  ///< ordered by id, whatever the order of the rows
  std::string format;       ///< "spotify_moods", "muse", "report", a map's name
  int64_t rows = 0;         ///< all below the head; songs + damage + repeats
  std::vector<Damage> damage;  ///< most rows first
  int64_t same_id = 0, same_name = 0;

  int64_t damaged() const;
};

struct TableOptions {
  std::optional<ColumnMap> columns;  ///< none: recognised by the header
  BadRows bad_rows = BadRows::kSkip;
  Same same = Same::kReport;
};

/// Reads a CSV file. DataError for an unknown header, a column that stands
/// twice, a damaged row under kStop, and a table without one whole row.
SongTable read_song_table(const std::filesystem::path& path,
                          const TableOptions& options = {});

/// Fills popularity (min-max over the table) and the three ranks (valence,
/// arousal, dominance: MuSe's scores or, without them, Spotify's valence and
/// energy): the share of songs below plus half of those equal, in (0, 1).
void fill_scales(std::vector<Song>& songs);

}  // namespace fer
