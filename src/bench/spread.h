// Repeated measurements: taking them, and what they say together.
#pragma once

#include <functional>
#include <vector>

#include "core/stopwatch.h"

namespace fer {

/// timed_calls() that throws Interrupted between two calls after Ctrl-C (an
/// InterruptGuard must live).
std::vector<double> time_repeats(const std::function<void()>& work,
                                 const Repeats& repeats);

/// Median and quartiles, interpolated linearly.
struct Spread {
  double low = 0, median = 0, high = 0;
};
Spread spread_of(const std::vector<double>& rising);

/// Images a second, when one call took `seconds` for `images` images.
Spread rates_of(const Spread& seconds, double images);

}  // namespace fer
