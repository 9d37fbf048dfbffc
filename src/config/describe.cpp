#include "config/describe.h"

#include <fmt/core.h>

#include "config/bind.h"
#include "config/faults.h"

namespace fer {

using Kind = SettingInfo::Kind;

namespace {

std::string kind_text(Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return "true or false";
    case Kind::kInteger:
      return "integer";
    case Kind::kNumber:
      return "number";
    case Kind::kText:
    case Kind::kWord:
      return "text";
    case Kind::kPath:
      return "path";
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
    case Kind::kSection:
      break;
  }
  return "section";
}

}  // namespace

const SettingInfo* SettingInfo::child(const std::string& key) const {
  for (const SettingInfo& info : children) {
    if (info.name == key) return &info;
  }
  return nullptr;
}

std::vector<std::string> SettingInfo::child_names() const {
  std::vector<std::string> names;
  for (const SettingInfo& info : children) names.push_back(info.name);
  return names;
}

const SettingInfo& config_info() {
  static const SettingInfo info = bind::describe_type<Config>();
  return info;
}

Json section_defaults(const SettingInfo& section) {
  Json object = Json::object();
  for (const SettingInfo& info : section.children) {
    object[info.name] = info.value;
  }
  return object;
}

std::string range_text(const Range& range) {
  if (!range.bounded()) return "";
  const bool low = std::isfinite(range.low), high = std::isfinite(range.high);
  if (low && high && !range.low_open && !range.high_open) {
    return fmt::format("{} to {}", range.low, range.high);
  }
  std::string text;
  if (low) {
    text = fmt::format("{} {}", range.low_open ? "more than" : "at least",
                       range.low);
  }
  if (low && high) text += " and ";
  if (high) {
    text += fmt::format("{} {}", range.high_open ? "less than" : "at most",
                        range.high);
  }
  return text;
}

std::string type_text(const SettingInfo& info) {
  std::string text = kind_text(info.kind);
  if (info.kind == Kind::kWord) text = alternatives(info.words);
  if (info.kind == Kind::kList || info.kind == Kind::kMap) {
    text += " of " + kind_text(info.element);
  }
  return info.optional ? text + " or null" : text;
}

}  // namespace fer
