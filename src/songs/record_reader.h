// Rows of a comma-separated table that may be damaged: one bad row never takes
// its neighbours along (core/csv.h stops at the first one instead).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

struct Record {
  std::vector<std::string> fields;  ///< outer blanks trimmed
  size_t line = 0;                  ///< 1 for the first of the file
  bool open_quote = false;  ///< a quote of this line never ends; no fields
};

/// Quotes count at the start of a field only, doubled quotes inside are one. A
/// quoted field may hold line breaks (up to 64 KiB) if it ends with its quote
/// and its record has as many fields as the head; otherwise its first line
/// alone is damaged and reading goes on with the next one.
class RecordReader {
 public:
  /// `text` must outlive the reader; a byte order mark is skipped.
  explicit RecordReader(std::string_view text);

  /// False at the end; lines with nothing but blanks are passed over.
  bool next(Record& record);

 private:
  size_t read(size_t at, Record& record) const;

  std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t columns_ = 0;  // of the head; 0 before it
};

}  // namespace fer
