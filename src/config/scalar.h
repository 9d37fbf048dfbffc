// Single values as YAML text to typed JSON, free of YAML's traps: only true and
// false are booleans, numbers are decimal and finite, quotes make text.
#pragma once

#include "config/describe.h"
#include "config/tree.h"

namespace fer {

/// The value of a scalar setting. ConfigError (without a place) says what was
/// expected and what came: `expected an integer; got "three".`
Json read_scalar(const YamlNode& node, const SettingInfo& info,
                 SettingInfo::Kind kind);

}  // namespace fer
