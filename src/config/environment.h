// Environment variables in paths: ${NAME} and ${NAME:-default}.
#pragma once

#include <string>
#include <string_view>

namespace fer {

/// `text` with its variables filled in. A default stands in for a variable that
/// is unset or empty and may hold variables itself; "$${" is a plain "${".
/// ConfigError (without a place) names a variable that is unset and has no
/// default, and a "${" that is not closed.
std::string expand_environment(std::string_view text);

/// The reverse: text that expand_environment turns into `text` again.
std::string escape_environment(std::string_view text);

}  // namespace fer
