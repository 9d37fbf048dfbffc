// The settings as data: what sections.h says of each, without its C++ type.
// Reading, the schema and the documentation walk this, not the structs.
#pragma once

#include <string>
#include <vector>

#include "config/field.h"
#include "core/json.h"

namespace fer {

struct SettingInfo {
  enum class Kind {
    kBool,
    kInteger,
    kNumber,
    kText,
    kPath,
    kWord,
    kList,
    kMap,
    kSection
  };

  std::string name;  ///< key in YAML, without the section
  Kind kind = Kind::kSection;
  Kind element = Kind::kText;  ///< of a list or map
  bool optional = false;       ///< null is allowed
  std::string help;
  std::string unit;
  Range range;
  std::vector<std::string> words;  ///< of an enum
  Json value;                      ///< the default; null: off or not set
  std::vector<SettingInfo> children;

  const SettingInfo* child(const std::string& key) const;
  std::vector<std::string> child_names() const;
};

/// The whole experiment file: a section with one child per section.
const SettingInfo& config_info();

/// Defaults of a section that is switched on.
Json section_defaults(const SettingInfo& section);

/// "1 to 10", "more than 0 and less than 1", "at least 0"; "" when unbounded.
std::string range_text(const Range& range);

/// "integer", "list of text", "adam, adamw or sgd".
std::string type_text(const SettingInfo& info);

}  // namespace fer
