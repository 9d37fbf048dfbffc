// Bootstrap intervals (BCa) of any statistic of the rows, and of the
// difference of two statistics on the same rows.
//
// Resample b is a function of (seed, b) alone: Philox numbers draw as many
// units as there are, with replacement, inside each stratum. A unit is a row,
// or a whole group. Results do not depend on the number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "metrics/proportion.h"
#include "stats/statistic.h"

namespace fer {

struct BootstrapOptions {
  int resamples = 10'000;  ///< at least 100
  double level = 0.95;     ///< in (0, 1)
  uint64_t seed = 0;
  /// Empty, or one number per row. Each stratum keeps its number of units in
  /// every resample. A group whose rows lie in several strata belongs to the
  /// one of most of its rows (the lowest of equals).
  std::vector<int64_t> strata;
  /// Empty, or one number per row: rows that are not independent of each
  /// other (copies of one picture) are drawn together or not at all.
  std::vector<int64_t> groups;
  unsigned threads = 0;  ///< 0: all cores; changes the time only
};

/// How an interval was made. Percentile where BCa is undefined: all resamples
/// on one side of the value, or no row that changes it (accuracy 1).
enum class IntervalMethod { kBca, kPercentile };
const char* name_of(IntervalMethod method);  ///< "bca", "percentile"

struct Estimate {
  double value = 0;  ///< on the rows as they are
  Interval interval;
  IntervalMethod method = IntervalMethod::kBca;
  double standard_error = 0;  ///< deviation of the resamples
  int undefined = 0;          ///< resamples left out: statistic NaN there
};

/// DataError for no rows, fewer than two units, a statistic that is NaN on the
/// rows or on more than half of the resamples, strata or groups of another
/// length, or options out of range.
Estimate bootstrap(size_t rows, const Statistic& statistic,
                   const BootstrapOptions& options = {});

struct PairedDifference {
  double difference = 0;  ///< a - b
  Interval interval;
  double p = 1;  ///< two-sided, see below
  IntervalMethod method = IntervalMethod::kBca;
  double standard_error = 0;
  int undefined = 0;
};

/// a - b on the same resamples: row i of both is the same image (pairing.h).
/// `p` is 1 - the level at which the interval would just touch 0, so p < 0.05
/// exactly where the 95 % interval leaves 0 out (up to interpolation between
/// two resamples); never below 2 / (resamples + 1), and 1 where no resample
/// differs from 0. Throws like bootstrap().
PairedDifference paired_bootstrap(size_t rows, const Statistic& a,
                                  const Statistic& b,
                                  const BootstrapOptions& options = {});

}  // namespace fer
