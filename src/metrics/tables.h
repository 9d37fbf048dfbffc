// Tables for the terminal, from the object that metrics_json() made: an old run
// is printed from its metrics.json, without its predictions. Each table names
// the positive class where there is one, ends with a line break, and throws
// DataError naming the key that is missing. An undefined number reads "nan".
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/json.h"

namespace fer {

/// scikit-learn's classification_report(digits=digits >= 0), character by
/// character, then (K = 2) a line "positive class: <name>".
std::string classification_table(const Json& metrics, int digits = 4);

/// Rows are true classes and columns predicted ones, said in the head line.
/// `normalise`: each row in per cent of its true class, "-" for a class
/// without images.
std::string confusion_table(const Json& metrics, bool normalise = false);

/// The layout of the report's tables: one line per named object with accuracy,
/// precision, recall, F1 and loss (log loss), three decimals. The caption says
/// what precision, recall and F1 are of: the positive class (K = 2), or the
/// macro average. DataError when the rows differ in that, or there is none.
std::string report_table(const std::vector<std::pair<std::string, Json>>& rows);

}  // namespace fer
