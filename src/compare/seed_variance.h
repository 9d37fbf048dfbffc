// How much of the doubt about an entry's score comes from the seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "metrics/proportion.h"
#include "stats/statistic.h"
#include "stats/variance_split.h"

namespace fer {

/// Of any score, through its jackknife pseudo-values: with U units (rows of one
/// group), t the score on all rows and t(-u) without unit u,
///   y_u = U t - (U - 1) t(-u)
/// is what unit u says about the score (for accuracy with independent rows: 1
/// where it is right). variance_split() of y over seeds and units tells the
/// seed's share of the variance from the sample's. NaN pseudo-values (a class
/// that one image alone has) count as t. DataError for fewer than two seeds.
VarianceSplit seed_variance(const std::vector<Statistic>& seeds,
                            std::span<const int64_t> groups);

/// What the seeds add to the variance of the mean over S of them: s^2 / S, and
/// its part (s^2 / S)^2 / (S - 1) in the degrees of freedom.
struct SeedPart {
  double variance = 0, weight = 0;
};
SeedPart seed_part(const VarianceSplit& split);
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
