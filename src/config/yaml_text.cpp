#include "config/yaml_text.h"

#include <algorithm>

#include "config/tree.h"
#include "core/error.h"

namespace fer {

namespace {

/// Bytes of the UTF-8 character at the head of `text`; 0 if it is none.
size_t utf8_length(std::string_view text) {
  const unsigned char c = text[0];
  const size_t n = c < 0x80              ? 1
                   : (c >> 5) == 0b110   ? 2
                   : (c >> 4) == 0b1110  ? 3
                   : (c >> 3) == 0b11110 ? 4
                                         : 0;
  if (n == 0 || text.size() < n) return 0;
  uint32_t code = n == 1 ? c : c & (0x7F >> n);
  for (size_t i = 1; i < n; ++i) {
    const unsigned char next = text[i];
    if ((next & 0xC0) != 0x80) return 0;
    code = (code << 6) | (next & 0x3F);
  }
  constexpr uint32_t kLowest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return code < kLowest[n] || code > 0x10FFFF || surrogate ? 0 : n;
}

std::string place(std::string_view text, size_t at, const std::string& name) {
  const std::string_view before = text.substr(0, at);
  const size_t line = std::count(before.begin(), before.end(), '\n');
  const size_t start = before.rfind('\n') + 1;  // npos + 1 == 0
  return fmt::format("{}:{}:{}", name, line + 1, at - start + 1);
}

size_t find_control(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = text[i];
    if (c < 0x20 && c != '\n' && c != '\r' && c != '\t') return i;
  }
  return std::string_view::npos;
}

/// The first tab that stands before a setting; blank lines and comments may
/// have any.
size_t find_indenting_tab(std::string_view text) {
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const size_t first = text.find_first_not_of(" \t\r", start);
    const size_t tab = text.find('\t', start);
    if (first < end && text[first] != '#' && tab < first) return tab;
    start = end + 1;
  }
  return std::string_view::npos;
}

}  // namespace

size_t find_invalid_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t n = utf8_length(text.substr(i));
    if (n == 0) return i;
    i += n;
  }
  return std::string_view::npos;
}

bool check_yaml_text(std::string_view text, const std::string& name,
                     Faults& faults) {
  constexpr size_t kNone = std::string_view::npos;
  if (text.size() > kMaxConfigBytes) {
    faults.add(name, "", "larger than 1 MiB: this is no experiment file.");
  } else if (const size_t bad = find_invalid_utf8(text); bad != kNone) {
    faults.add(place(text, bad, name), "",
               fmt::format("not UTF-8: byte 0x{:02x}. Save the file as UTF-8.",
                           static_cast<unsigned char>(text[bad])));
  } else if (const size_t control = find_control(text); control != kNone) {
    faults.add(place(text, control, name), "",
               fmt::format("control character 0x{:02x}. Save the file as "
                           "UTF-8 text.",
                           static_cast<unsigned char>(text[control])));
  } else if (const size_t tab = find_indenting_tab(text); tab != kNone) {
    faults.add(place(text, tab, name), "",
               "a tab in the indentation. YAML wants spaces.");
  } else {
    return true;
  }
  return false;
}

}  // namespace fer
