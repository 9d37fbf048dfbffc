// Numbers as the page shows them. Full precision is in metrics.json.
#pragma once

#include <string>
#include <string_view>

namespace fer {

std::string format_count(double value);    ///< 1798 -> "1,798"
std::string format_percent(double share);  ///< 0.94327 -> "94.3 %"
std::string format_share(double value);    ///< 0.94327 -> "0.9433"

/// A number of an unknown kind: whole ones as counts, others with four decimals
/// or, below 0.001 and above a million, in scientific notation.
std::string format_number(double value);

/// "macro_f1" -> "Macro F1"; known names get their own words.
std::string metric_title(std::string_view key);

std::string capital(std::string word);  ///< "test" -> "Test"

}  // namespace fer
