// to_yaml(): a complete experiment file, each setting under its help.
#include <fmt/core.h>

#include <cctype>
#include <set>

#include "config/bind.h"
#include "config/config.h"
#include "config/environment.h"

namespace fer {

using Kind = SettingInfo::Kind;

namespace {

/// Words that a YAML reader would take for something else.
bool needs_quotes(const std::string& text) {
  static const std::set<std::string> kSpecial = {
      "true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  std::string lower;
  for (const unsigned char c : text) {
    const bool safe =
        std::isalnum(c) || c == '_' || c == '-' || c == '/' || c == '.';
    if (c >= 0x80 || !safe) return true;
    lower += static_cast<char>(std::tolower(c));
  }
  if (text.empty()) return true;
  const bool word = std::isalpha(static_cast<unsigned char>(text[0]));
  return (!word && text[0] != '/') || kSpecial.contains(lower);
}

std::string yaml_text(const std::string& text) {
  if (!needs_quotes(text)) return text;
  // JSON's escapes are a part of YAML's.
  return json_text(text, -1);
}

std::string yaml_scalar(const Json& value, Kind kind) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_integer()) return std::to_string(value.get<int64_t>());
  if (value.is_number()) return fmt::format("{}", value.get<double>());
  const std::string text = value.get<std::string>();
  return yaml_text(kind == Kind::kPath ? escape_environment(text) : text);
}

std::string yaml_value(const Json& value, const SettingInfo& info) {
  if (!value.is_structured()) return yaml_scalar(value, info.kind);
  std::string text;
  for (const auto& [key, item] : value.items()) {
    if (!text.empty()) text += ", ";
    if (value.is_object()) text += yaml_text(key) + ": ";
    text += yaml_scalar(item, info.element);
  }
  return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

std::string comment(const SettingInfo& info) {
  std::string text = "# " + info.help;
  std::string allowed = range_text(info.range);
  if (!info.unit.empty()) {
    allowed += (allowed.empty() ? "" : " ") + info.unit;
  }
  if (!allowed.empty()) text += "; " + allowed;
  if (info.kind == Kind::kWord) text += "; " + type_text(info);
  return text + "\n";
}

void write_section(const Json& object, const SettingInfo& section,
                   const std::string& indent, std::string& out) {
  for (const SettingInfo& info : section.children) {
    const Json& value = object.at(info.name);
    if (indent.empty() && !out.empty()) out += "\n";
    out += indent + comment(info) + indent + info.name + ":";
    if (info.kind == Kind::kSection && value.is_object() && !value.empty()) {
      out += "\n";
      write_section(value, info, indent + "  ", out);
    } else {
      out += " " + yaml_value(value, info) + "\n";
    }
  }
}

void compare(const Json& a, const Json& b, const SettingInfo& section,
             const std::string& prefix, std::vector<std::string>& names) {
  for (const SettingInfo& info : section.children) {
    const Json &x = a.at(info.name), &y = b.at(info.name);
    if (info.kind == Kind::kSection && x.is_object() && y.is_object()) {
      compare(x, y, info, prefix + info.name + ".", names);
    } else if (x != y) {
      names.push_back(prefix + info.name);
    }
  }
}

}  // namespace

std::string to_yaml(const Config& config) {
  std::string out;
  write_section(bind::to_json(config), config_info(), "", out);
  return out;
}

std::vector<std::string> different_settings(const Config& a, const Config& b) {
  std::vector<std::string> names;
  compare(bind::to_json(a), bind::to_json(b), config_info(), "", names);
  return names;
}

}  // namespace fer
