#include "metrics/proportion.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace fer {

Interval wilson_interval(int64_t k, int64_t n, double z) {
  if (n < 1 || k < 0 || k > n) {
    fail<DataError>(
        "[wilson_interval] expected 0 <= k <= n and n >= 1; got k = {}, n = "
        "{}.",
        k, n);
  }
  if (!std::isfinite(z) || z < 0) {
    fail<DataError>("[wilson_interval] expected a finite z >= 0; got {}.", z);
  }
  const auto trials = static_cast<double>(n);
  const double p = static_cast<double>(k) / trials;
  const double scale = 1 + z * z / trials;
  const double centre = (p + z * z / (2 * trials)) / scale;
  const double spread =
      z * std::sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials)) /
      scale;
  // Exactly 0 and 1 at the ends, where rounding would leave 1e-17.
  return {k == 0 ? 0.0 : std::max(centre - spread, 0.0),
          k == n ? 1.0 : std::min(centre + spread, 1.0)};
}

}  // namespace fer
