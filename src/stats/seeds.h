// What several seeds of one experiment say together.
#pragma once

#include <cstddef>
#include <span>

#include "metrics/proportion.h"
#include "stats/variance_split.h"

namespace fer {

struct SeedSummary {
  size_t n = 0;
  double mean = 0;
  double std = 0;  ///< divided by n - 1; NaN for one seed
  /// mean +- t(n - 1) std / sqrt(n): where the mean over all seeds lies, on
  /// these very test images. NaN for one seed.
  Interval interval;
};

/// DataError for no values, one that is not finite, or a level outside (0, 1).
SeedSummary summarise(std::span<const double> values, double level = 0.95);

}  // namespace fer
