#include "config/faults.h"

#include <cctype>

#include "core/error.h"
#include "core/text.h"

namespace fer {

namespace {
constexpr size_t kShownFaults = 50;
constexpr size_t kShownBytes = 60;
constexpr size_t kLineBytes = 1000;

/// One line whatever a file holds: control characters as \\n or \\x07,
/// never cut inside a UTF-8 character.
std::string one_line(std::string_view text, size_t bytes) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = text[i];
    if (i >= bytes && (c & 0xC0) != 0x80) return out + "...";
    if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

bool in_word(std::string_view text, size_t at) {
  return at < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[at])) ||
          text[at] == '_');
}

/// Whether `text` speaks of the setting `key`, or of one inside it.
bool speaks_of(std::string_view text, std::string_view key) {
  for (size_t at = text.find(key); at != std::string_view::npos;
       at = text.find(key, at + 1)) {
    const bool inside =
        at > 0 && (in_word(text, at - 1) || text[at - 1] == '.');
    if (!inside && !in_word(text, at + key.size())) return true;
  }
  return false;
}

}  // namespace

void Faults::add(const std::string& where, const std::string& key,
                 const std::string& text) {
  lines_.push_back(one_line(where + ": " + text, kLineBytes));
  keys_.insert(key);
}

bool Faults::independent(std::string_view text) const {
  for (const std::string& key : keys_) {
    // The empty key stands for a file that could not be read at all.
    if (key.empty() || speaks_of(text, key)) return false;
  }
  return true;
}

void Faults::raise() const {
  if (lines_.empty()) return;
  std::vector<std::string> shown = lines_;
  if (shown.size() > kShownFaults) {
    shown.resize(kShownFaults);
    shown.push_back(
        fmt::format("... and {} more", lines_.size() - kShownFaults));
  }
  throw ConfigError(join(shown, "\n"));
}

std::string in_quotes(std::string_view text) {
  return '"' + one_line(text, kShownBytes) + '"';
}

std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string suggestion(std::string_view word,
                       const std::vector<std::string>& words,
                       const std::string& prefix) {
  const std::string best = nearest(word, words);
  return best.empty() ? "" : "; did you mean " + prefix + best + "?";
}

}  // namespace fer
