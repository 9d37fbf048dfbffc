// What there is to show of a metric.
#pragma once

#include <cmath>
#include <string_view>

namespace fer {

/// False for an accuracy where there were no answers to count (NaN). A loss
/// that is NaN was measured.
inline bool was_measured(std::string_view metric, double value) {
  return !metric.ends_with("accuracy") || !std::isnan(value);
}

}  // namespace fer
