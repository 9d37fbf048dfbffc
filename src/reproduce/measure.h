// A score of an experiment over its seeds, with an interval, and the verdict
// of a published number against it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "metrics/proportion.h"
#include "reproduce/rounding.h"
#include "reproduce/stored_runs.h"

namespace fer {

/// `interval`: where one more run of the experiment, on other images of the
/// same kind, is expected in 95 of 100 cases. On each side
///   sqrt(sample^2 + seeds^2),
/// sample: the BCa bootstrap interval of the seeds' mean score over the images
/// (copies of one picture drawn together), seeds: t(n - 1) std sqrt(1 + 1/n).
/// One seed alone gives the first part only. Shares stay inside [0, 1]; a
/// number of parameters has no width.
struct Measured {
  size_t seeds = 0;
  double mean = 0;
  double std = 0;  ///< over the seeds; NaN for one
  Interval interval;
};

/// `metric`, `positive`: see score_statistic(). Nothing where no run has what
/// is asked for. DataError from score_statistic() and bootstrap().
std::optional<Measured> measure(const ExperimentRuns& experiment,
                                const std::string& split,
                                const std::string& metric,
                                const std::string& positive, int resamples);

enum class CellVerdict {
  kReproduced,
  kNotReproduced,
  kExplainedByLeak,
  kNotRun,
};
const char* verdict_name(CellVerdict verdict);  ///< "explained by the leak"

/// Not run: no `report`. Not reproduced: its interval and the interval of
/// values that print as `number` do not meet. Explained by the leak:
/// reproduced, and `clean` lies wholly on the worse side of what was printed.
/// Reproduced: all else, also without `clean`.
CellVerdict judge(const PrintedNumber& number, bool float32,
                  const std::string& metric,
                  const std::optional<Measured>& report,
                  const std::optional<Measured>& clean);

}  // namespace fer
