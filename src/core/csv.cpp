#include "core/csv.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/file.h"
#include "core/text.h"

namespace fer {
namespace {

struct Record {
  std::vector<std::string> fields;
  bool empty = true;        // not a single letter, not even quotes
  bool open_quote = false;  // the text ended inside quotes
};

// One record starting at `at`; leaves `at` behind its line break.
Record read_record(std::string_view text, size_t& at) {
  Record record;
  auto& fields = record.fields;
  fields.emplace_back();
  bool quoted = false;
  while (at < text.size()) {
    const char c = text[at++];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at < text.size() && text[at] == '"') {
        fields.back() += text[at++];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
      record.empty = false;
    } else if (c == ',') {
      fields.emplace_back();
      record.empty = false;
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      fields.back() += c;
      record.empty = false;
    }
  }
  record.open_quote = quoted;
  return record;
}

void check_length(size_t got, size_t expected,
                  const std::filesystem::path& path, size_t line) {
  if (got == expected) return;
  fail<DataError>(
      "[csv] expected {} fields; got {} ({}:{}:1). Mend or remove the row.",
      expected, got, path.string(), line);
}

}  // namespace

size_t CsvTable::column(std::string_view name) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == name) return i;
  }
  fail<DataError>("[csv] expected a column '{}'; got the columns {}.", name,
                  join(columns, ", "));
}

CsvTable read_csv(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;  // byte order mark
  size_t line = 1;
  CsvTable table;
  for (bool head = true; head || at < text.size(); head = false) {
    const size_t begin = at;
    Record record = read_record(text, at);
    if (record.open_quote) {
      fail<DataError>(
          "[csv] expected a closing quote; got the end of the file ({}:{}:1). "
          "Close the quote.",
          path.string(), line);
    }
    if (head) {
      table.columns = std::move(record.fields);
    } else if (!record.empty) {
      check_length(record.fields.size(), table.columns.size(), path, line);
      table.rows.push_back(std::move(record.fields));
    }
    line += static_cast<size_t>(
        std::count(text.begin() + static_cast<ptrdiff_t>(begin),
                   text.begin() + static_cast<ptrdiff_t>(at), '\n'));
  }
  return table;
}

std::string csv_field(std::string_view value) {
  if (value.find_first_of(",\"\n\r") == std::string_view::npos)
    return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    line += csv_field(fields[i]);
  }
  return line;
}

std::string csv_number(double value) {
  if (std::isnan(value)) return "nan";
  return fmt::format("{}", value);
}

}  // namespace fer
