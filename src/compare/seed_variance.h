// How much of the doubt about an entry's score comes from the seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stats/seed_test.h"
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

/// Of the mean over the seeds of a split.
SeedPart seed_part(const VarianceSplit& split);

}  // namespace fer
