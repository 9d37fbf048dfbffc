// Intervals of a share, such as an accuracy.
#pragma once

#include <cstdint>

namespace fer {

struct Interval {
  double low = 0;
  double high = 0;
};

/// The standard normal quantile of 0.975: a two-sided level of 95 %.
inline constexpr double kZ95 = 1.959963984540054;

/// Wilson's score interval (1927) of k successes in n trials,
///   (p + z^2/2n +- z sqrt(p (1 - p) / n + z^2/4n^2)) / (1 + z^2/n),
/// kept inside [0, 1]. It covers well for small n and for shares near 0 or 1,
/// where p +- z sqrt(p (1 - p) / n) does not. DataError unless n >= 1,
/// 0 <= k <= n and z is finite and not negative.
Interval wilson_interval(int64_t k, int64_t n, double z = kZ95);

}  // namespace fer
