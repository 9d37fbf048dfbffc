#include "songs/record_reader.h"

#include <algorithm>

namespace fer {
namespace {

constexpr size_t kLongestField = 64 * 1024;
constexpr std::string_view kBlanks = " \t\r\v\f";

void trim(std::string& text) {
  const size_t end = text.find_last_not_of(kBlanks);
  text.erase(end == std::string::npos ? 0 : end + 1);
  text.erase(0, text.find_first_not_of(kBlanks));
}

// Reads what stands in quotes from `at` (behind the first quote); the position
// behind the last one, or npos when it does not end.
size_t read_quoted(std::string_view text, size_t at, std::string& field) {
  const size_t limit = std::min(text.size(), at + kLongestField);
  while (at < limit) {
    const size_t quote = text.find('"', at);
    if (quote >= limit) return std::string_view::npos;
    field += text.substr(at, quote - at);
    if (quote + 1 >= text.size() || text[quote + 1] != '"') return quote + 1;
    field += '"';
    at = quote + 2;
  }
  return std::string_view::npos;
}

// Whether quotes from `begin` to `end` hold a line break and are followed by
// more of the field: then the last quote opened a field of another row.
bool runs_on(std::string_view text, size_t begin, size_t end) {
  const size_t next = text.find_first_not_of(" \t\r", end);
  return next != std::string_view::npos && text[next] != ',' &&
         text[next] != '\n' &&
         text.substr(begin, end - begin).find('\n') != std::string_view::npos;
}

}  // namespace

RecordReader::RecordReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

// Fills `record` from `at`; the position behind its line break.
size_t RecordReader::read(size_t at, Record& record) const {
  record.fields.clear();
  record.open_quote = false;
  for (;;) {
    std::string& field = record.fields.emplace_back();
    const size_t begin = at;
    if (at < text_.size() && text_[at] == '"') {
      at = read_quoted(text_, at + 1, field);
      if (at == std::string_view::npos || runs_on(text_, begin, at)) {
        record.open_quote = true;
        return at;
      }
    }
    const size_t end = std::min(text_.find_first_of(",\n", at), text_.size());
    field += text_.substr(at, end - at);
    trim(field);
    at = end + 1;
    if (end == text_.size() || text_[end] == '\n') return end + 1;
  }
}

bool RecordReader::next(Record& record) {
  while (at_ < text_.size()) {
    const size_t start = at_;
    const size_t line_end =
        std::min(text_.find('\n', start), text_.size() - 1) + 1;
    record.line = line_;
    size_t end = read(start, record);
    const bool spans = !record.open_quote && end > line_end + 1;
    if (record.open_quote ||
        (spans && columns_ != 0 && record.fields.size() != columns_)) {
      record.open_quote = true;
      record.fields.clear();
      end = line_end;
    }
    at_ = std::min(end, text_.size());
    line_ += static_cast<size_t>(
        std::count(text_.begin() + static_cast<ptrdiff_t>(start),
                   text_.begin() + static_cast<ptrdiff_t>(at_), '\n'));
    const bool blank = !record.open_quote && record.fields.size() == 1 &&
                       record.fields[0].empty();
    if (blank) continue;
    if (columns_ == 0) columns_ = record.fields.size();
    return true;
  }
  return false;
}

}  // namespace fer
