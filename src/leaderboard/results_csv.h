// Reading a table that the tool itself writes: every fault names file and
// line, and says how to get a good file back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv.h"

namespace fer {

class ResultsCsv;

/// Control characters become spaces: a row stays one line, whatever a name
/// holds.
std::string one_line(std::string text);

/// One line of the table.
class ResultsRow {
 public:
  ResultsRow(const ResultsCsv& table, size_t row) : table_(table), row_(row) {}

  const std::string& text(std::string_view column) const;
  /// A whole number of at least 0; refuse()d otherwise.
  int64_t whole(std::string_view column) const;
  double number(std::string_view column) const;
  /// An empty field is nothing.
  std::optional<double> optional_number(std::string_view column) const;

  /// DataError: expected `what`, got `got`, at this file and line.
  [[noreturn]] void refuse(std::string_view what, std::string_view got) const;

 private:
  const ResultsCsv& table_;
  size_t row_;
};

/// The table as it was read. Must outlive its rows.
class ResultsCsv {
 public:
  /// DataError unless the first columns are `columns` in this order (later
  /// versions add theirs behind), all rows are as long as the head, and the
  /// file ends with a line break. `where` opens the messages: "[ledger]".
  ResultsCsv(std::filesystem::path path,
             const std::vector<std::string>& columns, std::string where);

  std::vector<ResultsRow> rows() const;
  const CsvTable& table() const { return table_; }

 private:
  friend class ResultsRow;
  void check_head(const std::vector<std::string>& columns) const;
  void check_end(std::string_view text) const;

  std::filesystem::path path_;
  std::string where_;
  CsvTable table_;
  std::vector<size_t> lines_;  ///< line of each row, from 1
};

}  // namespace fer
