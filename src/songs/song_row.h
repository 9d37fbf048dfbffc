// One row of a song table as a song, or why it is none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "songs/column_map.h"
#include "songs/record_reader.h"
#include "songs/song.h"

namespace fer {

/// Why a row is left out: `reason` is what the counts go by ("wrong number of
/// fields"), `detail` what was expected and what came.
struct RowFault {
  std::string reason, detail;
};

/// Turns the rows of one table into songs. A row is damaged when it has another
/// number of fields than the head, no name, neither a Spotify id nor a link, an
/// id that is not 22 letters and digits, a number that is missing, unreadable
/// or out of its range, or text that is not UTF-8.
class RowParser {
 public:
  RowParser(const ColumnMap& map, const std::vector<std::string>& header);

  /// The fault, or nothing and `song` is filled. Missing genres and moods
  /// ("N/A", "nan") are empty texts.
  std::optional<RowFault> parse(const Record& record, Song& song) const;

 private:
  struct NumberColumn {
    size_t index;
    Feature feature;
  };
  std::optional<RowFault> parse_id(const Record& record, Song& song) const;
  std::optional<RowFault> parse_numbers(const Record& record, Song& song) const;
  std::string text(const Record& record, size_t index) const;

  size_t columns_;
  size_t id_, name_, artist_, album_, genre_, mood_, popularity_, link_;
  std::vector<NumberColumn> numbers_;
  std::vector<std::string> header_;
};

}  // namespace fer
