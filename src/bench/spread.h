// Repeated measurements: taking them, and what they say together.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace fer {

/// When a measurement has been repeated often enough.
struct Repeats {
  int warm_up = 3;     ///< not counted
  int least = 7;       ///< counted, even beyond the time
  double seconds = 5;  ///< then no more are begun
};

/// Seconds of each counted call of `work`, rising. Throws Interrupted between
/// two calls after Ctrl-C (an InterruptGuard must live).
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
