// The cases of tests/reference/sklearn_metrics.py, computed again here.
#pragma once

#include <cstdint>
#include <string>

#include "core/json.h"
#include "metrics/predictions.h"

namespace fer {

struct SklearnCase {
  Predictions predictions;
  int64_t positive = 0;      ///< 0 or 1
  double zero_division = 0;  ///< 0, 1 or NaN

  /// What metrics_json wants: empty for more than two classes.
  std::string positive_class() const;
};

SklearnCase sklearn_case(uint64_t i);

/// tests/reference/sklearn_metrics.json, read once.
const Json& sklearn_values();

/// Equal to 1e-12 of max(1, |expected|); null means NaN.
void expect_equal(double value, const Json& expected, const std::string& what);

}  // namespace fer
