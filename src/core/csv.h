// Comma-separated tables with a header line (RFC 4180: quotes doubled).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< each as long as `columns`

  /// Index of a column; DataError lists the ones there are.
  size_t column(std::string_view name) const;
};

/// Reads a whole table; empty lines and a byte order mark are skipped.
/// DataError with path and line for a row of another length or a quote that
/// never ends.
CsvTable read_csv(const std::filesystem::path& path);

/// The field, quoted where it must be.
std::string csv_field(std::string_view value);
std::string csv_line(const std::vector<std::string>& fields);

/// Shortest text that reads back to the same double; "nan", "inf" as such.
std::string csv_number(double value);

}  // namespace fer
