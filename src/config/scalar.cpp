#include "config/scalar.h"

#include <charconv>
#include <regex>

#include "config/environment.h"
#include "config/yaml_text.h"
#include "core/error.h"

namespace fer {

using Kind = SettingInfo::Kind;

namespace {

const char* noun(Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return "true or false";
    case Kind::kInteger:
      return "an integer";
    case Kind::kNumber:
      return "a number";
    default:
      return "text";
  }
}

[[noreturn]] void wrong(const YamlNode& node, Kind kind,
                        const std::string& way_out = "") {
  const bool empty = node.is(YamlNode::Kind::kNull) && kind >= Kind::kText;
  fail<ConfigError>("expected {}; got {}.{}", noun(kind), describe_node(node),
                    empty ? " Write \"\" for an empty text." : way_out);
}

bool matches(const std::string& text, const char* pattern) {
  return std::regex_match(text, std::regex(pattern));
}

/// The text of a number: a scalar without quotes.
std::string number_text(const YamlNode& node, Kind kind) {
  if (!node.is(YamlNode::Kind::kScalar)) wrong(node, kind);
  if (!node.plain) wrong(node, kind, " Remove the quotes.");
  // Bounds the regular expressions' recursion, too.
  if (node.text.size() > 40) wrong(node, kind);
  if (matches(node.text, "[-+]?0[0-9]+.*")) {
    wrong(node, kind,
          " A leading 0 means octal to some YAML readers: write it without.");
  }
  return node.text.starts_with('+') ? node.text.substr(1) : node.text;
}

template <class T>
T convert(const std::string& text, const YamlNode& node, Kind kind) {
  T value{};
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    wrong(node, kind, " That is beyond what a number can hold.");
  }
  return value;
}

int64_t read_integer(const YamlNode& node) {
  const std::string text = number_text(node, Kind::kInteger);
  if (!matches(text, "-?[0-9]+")) wrong(node, Kind::kInteger);
  return convert<int64_t>(text, node, Kind::kInteger);
}

double read_number(const YamlNode& node) {
  const std::string text = number_text(node, Kind::kNumber);
  if (matches(text, "-?\\.?(nan|NaN|NAN|inf|Inf|INF|infinity)")) {
    fail<ConfigError>("expected a finite number; got {}.", node.text);
  }
  if (!matches(text, "-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")) {
    wrong(node, Kind::kNumber);
  }
  return convert<double>(text, node, Kind::kNumber);
}

bool read_bool(const YamlNode& node) {
  const bool scalar = node.is(YamlNode::Kind::kScalar);
  if (scalar && node.plain && node.text == "true") return true;
  if (scalar && node.plain && node.text == "false") return false;
  if (!scalar) wrong(node, Kind::kBool);
  wrong(node, Kind::kBool,
        node.plain ? " Only the words true and false are accepted."
                   : " Remove the quotes.");
}

std::string read_word(const YamlNode& node, const SettingInfo& info) {
  for (const std::string& word : info.words) {
    if (node.is(YamlNode::Kind::kScalar) && node.text == word) return word;
  }
  const std::string hint = suggestion(node.text, info.words);
  fail<ConfigError>("expected {}; got {}{}", alternatives(info.words),
                    describe_node(node), hint.empty() ? "." : hint);
}

std::string read_path(const std::string& text) {
  std::string path = expand_environment(text);
  if (find_invalid_utf8(path) != std::string::npos) {
    fail<ConfigError>("expected a path in UTF-8; got {}.", in_quotes(path));
  }
  return path;
}

template <class T>
T in_range(T value, const SettingInfo& info) {
  if (info.range.contains(static_cast<double>(value))) return value;
  fail<ConfigError>("expected {}{}{}; got {}.", range_text(info.range),
                    info.unit.empty() ? "" : " ", info.unit, value);
}

}  // namespace

Json read_scalar(const YamlNode& node, const SettingInfo& info, Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return read_bool(node);
    case Kind::kInteger:
      return in_range(read_integer(node), info);
    case Kind::kNumber:
      return in_range(read_number(node), info);
    case Kind::kWord:
      return read_word(node, info);
    default:
      break;
  }
  if (!node.is(YamlNode::Kind::kScalar)) wrong(node, kind);
  return kind == Kind::kPath ? read_path(node.text) : node.text;
}

}  // namespace fer
