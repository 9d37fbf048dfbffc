// The doubt from other seeds beside that from other images.
#pragma once

#include "metrics/proportion.h"

namespace fer {

/// What the seeds add to the variance of a mean over S of them, s^2 / S, and
/// its part (s^2 / S)^2 / (S - 1) in the degrees of freedom.
struct SeedPart {
  double variance = 0, weight = 0;
};
SeedPart operator+(const SeedPart& a, const SeedPart& b);

struct SeedTest {
  Interval interval;  ///< 95 %
  double p = 1;       ///< two-sided, for "the true value is 0"
};

/// Of a value whose standard error over the images is `standard_error`:
///   SE^2 = standard_error^2 + part.variance, t = value / SE with
///   SE^4 / part.weight degrees of freedom (Welch-Satterthwaite).
/// part.variance > 0.
SeedTest seed_test(double value, double standard_error, const SeedPart& part);

}  // namespace fer
