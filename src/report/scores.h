// Reading the scores of one split out of metrics.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace fer {

/// The number under `key`; nothing when it is missing, null or no number.
std::optional<double> number(const Json& object, std::string_view key);

/// The text under `key`; "" when it is missing or no text.
std::string text(const Json& object, std::string_view key);

/// Class names by label, in the order of the object "classes".
std::vector<std::string> score_classes(const Json& scores);

/// "confusion_matrix" [K, K], rows are true classes; empty when it is missing
/// or not square.
std::vector<std::vector<double>> confusion_of(const Json& scores);

/// Accuracy, precision, recall and F1 as the report's tables give them.
struct ReportRow {
  std::string positive;  ///< "sad"; empty: plain means over the classes
  std::optional<double> accuracy, precision, recall, f1;
};
ReportRow report_row(const Json& scores);

}  // namespace fer
