// Looks at the bytes of a YAML file before the parser sees them.
#pragma once

#include <string>
#include <string_view>

#include "config/faults.h"

namespace fer {

/// Size, UTF-8, control characters, tabs in the indentation. False after a
/// fault.
bool check_yaml_text(std::string_view text, const std::string& name,
                     Faults& faults);

/// Index of the first byte that is not part of a UTF-8 character, or npos.
size_t find_invalid_utf8(std::string_view text);

}  // namespace fer
