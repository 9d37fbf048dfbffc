#include "config/environment.h"

#include <cctype>
#include <cstdlib>

#include "core/error.h"

namespace fer {

namespace {

bool is_name(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) {
    return false;
  }
  for (const unsigned char c : name) {
    if (!std::isalnum(c) && c != '_') return false;
  }
  return true;
}

/// Index of the brace that closes the one opened before `begin`.
size_t closing_brace(std::string_view text, size_t begin) {
  int depth = 1;
  for (size_t i = begin; i < text.size(); ++i) {
    if (text.substr(i, 2) == "${") ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  fail<ConfigError>("\"{}\" has a ${{ without its }}.", text);
}

/// `inside`: what stands between the braces.
std::string value_of(std::string_view inside) {
  const size_t mark = inside.find(":-");
  const std::string name(inside.substr(0, mark));
  if (!is_name(name)) {
    fail<ConfigError>(
        "expected ${{NAME}} or ${{NAME:-default}}; got \"${{{}}}\".", inside);
  }
  const char* value = std::getenv(name.c_str());
  if (value && *value) return value;
  if (mark != std::string_view::npos) {
    return expand_environment(inside.substr(mark + 2));
  }
  fail<ConfigError>(
      "the environment variable {0} is not set. Set it, or write "
      "${{{0}:-default}}.",
      name);
}

}  // namespace

std::string expand_environment(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    if (text.substr(i, 3) == "$${") {
      out += "${";
      i += 3;
    } else if (text.substr(i, 2) == "${") {
      const size_t end = closing_brace(text, i + 2);
      out += value_of(text.substr(i + 2, end - i - 2));
      i = end + 1;
    } else {
      out += text[i++];
    }
  }
  return out;
}

std::string escape_environment(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "${") out += '$';
    out += text[i];
  }
  return out;
}

}  // namespace fer
