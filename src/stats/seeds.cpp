#include "stats/seeds.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.h"
#include "stats/distributions.h"

namespace fer {
namespace {

void check(std::span<const double> values) {
  if (values.empty()) {
    fail<DataError>(
        "[seeds] expected the value of one seed or more; got none.");
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    fail<DataError>(
        "[seeds] expected finite values; got {} (place {}). Leave out runs "
        "without a score.",
        values[i], i);
  }
}

}  // namespace

SeedSummary summarise(std::span<const double> values, double level) {
  check_level("seeds", level);
  check(values);
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const auto n = static_cast<double>(values.size());
  SeedSummary summary{values.size(), 0, kNan, {kNan, kNan}};
  summary.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() < 2) return summary;
  double sum = 0;
  for (const double value : values)
    sum += (value - summary.mean) * (value - summary.mean);
  summary.std = std::sqrt(sum / (n - 1));
  const double spread =
      student_t_quantile((1 + level) / 2, n - 1) * summary.std / std::sqrt(n);
  summary.interval = {summary.mean - spread, summary.mean + spread};
  return summary;
}

}  // namespace fer
