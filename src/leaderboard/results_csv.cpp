#include "leaderboard/results_csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/file.h"
#include "core/text.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr const char* kWayOut =
    "Restore the file from version control or a backup, or move it away to "
    "start a new one";

// Lines that hold something, from 1. The tool writes one line per row.
std::vector<size_t> filled_lines(std::string_view text) {
  std::vector<size_t> lines;
  const auto parts = split(text, '\n');
  for (size_t i = 0; i < parts.size(); ++i)
    if (!parts[i].empty() && parts[i] != "\r") lines.push_back(i + 1);
  return lines;
}

template <class T>
bool parse(const std::string& text, T& value) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stopped == end;
}

}  // namespace

const std::string& ResultsRow::text(std::string_view column) const {
  return table_.table_.rows[row_][table_.table_.column(column)];
}

int64_t ResultsRow::whole(std::string_view column) const {
  int64_t value = 0;
  if (!parse(text(column), value) || value < 0) {
    refuse(fmt::format("a whole number in column {}", column),
           fmt::format("'{}'", text(column)));
  }
  return value;
}

double ResultsRow::number(std::string_view column) const {
  double value = 0;
  if (!parse(text(column), value) || !std::isfinite(value)) {
    refuse(fmt::format("a number in column {}", column),
           fmt::format("'{}'", text(column)));
  }
  return value;
}

std::optional<double> ResultsRow::optional_number(
    std::string_view column) const {
  if (text(column).empty()) return std::nullopt;
  return number(column);
}

void ResultsRow::refuse(std::string_view what, std::string_view got) const {
  fail<DataError>("[{}] expected {}; got {} ({}:{}:1). {}.", table_.where_,
                  what, got, table_.path_.string(), table_.lines_[row_],
                  kWayOut);
}

ResultsCsv::ResultsCsv(fs::path path, const std::vector<std::string>& columns,
                       std::string where)
    : path_(std::move(path)), where_(std::move(where)) {
  const std::string text = read_file(path_);
  check_end(text);
  table_ = read_csv(path_);  // names file and line itself
  check_head(columns);
  lines_ = filled_lines(text);
  if (lines_.size() != table_.rows.size() + 1) {
    fail<DataError>(
        "[{}] expected one line per row; got {} rows on {} lines ({}:1:1). {}.",
        where_, table_.rows.size(), lines_.size() - 1, path_.string(), kWayOut);
  }
  lines_.erase(lines_.begin());
}

std::vector<ResultsRow> ResultsCsv::rows() const {
  std::vector<ResultsRow> all;
  for (size_t i = 0; i < table_.rows.size(); ++i) all.emplace_back(*this, i);
  return all;
}

void ResultsCsv::check_head(const std::vector<std::string>& columns) const {
  const auto& got = table_.columns;
  if (got.size() >= columns.size() &&
      std::equal(columns.begin(), columns.end(), got.begin()))
    return;
  std::string shown = join(got, ",");
  if (shown.size() > 120) shown = shown.substr(0, 117) + "...";
  fail<DataError>("[{}] expected the columns {}; got '{}' ({}:1:1). {}.",
                  where_, join(columns, ","), shown, path_.string(), kWayOut);
}

// A process that was killed in the middle of a line leaves one without end.
void ResultsCsv::check_end(std::string_view text) const {
  if (text.ends_with('\n')) return;
  fail<DataError>(
      "[{}] expected a line break at the end; got half a line ({}:{}:1). "
      "Complete or remove that line. {}.",
      where_, path_.string(), std::ranges::count(text, '\n') + 1, kWayOut);
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  return text;
}

}  // namespace fer
