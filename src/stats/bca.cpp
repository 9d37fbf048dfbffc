#include "stats/bca.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "stats/distributions.h"

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Sums over the units of one stratum of (U / n)^2 and (U / n)^3.
struct Moments {
  double square = 0, cube = 0;
};

Moments moments(const std::vector<double>& jackknife) {
  std::vector<double> values;
  for (const double value : jackknife)
    if (!std::isnan(value)) values.push_back(value);
  const auto n = static_cast<double>(values.size());
  Moments sums;
  if (values.size() < 2) return sums;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  for (const double value : values) {
    const double influence = (n - 1) * (mean - value) / n;
    sums.square += influence * influence;
    sums.cube += influence * influence * influence;
  }
  return sums;
}

// Share of the sample below `value`, equal ones counted one half.
double share_below(std::span<const double> sorted, double value) {
  const auto [low, high] =
      std::equal_range(sorted.begin(), sorted.end(), value);
  const auto below = static_cast<double>(low - sorted.begin());
  const auto not_above = static_cast<double>(high - sorted.begin());
  return (below + not_above) / (2 * static_cast<double>(sorted.size()));
}

double corrected(double z, double z0, double acceleration) {
  return z0 + (z0 + z) / (1 - acceleration * (z0 + z));
}

}  // namespace

double sorted_quantile(std::span<const double> sorted, double q) {
  const double place =
      std::clamp(q, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<size_t>(place);
  const size_t high = std::min(low + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(low);
  return sorted[low] + part * (sorted[high] - sorted[low]);
}

double acceleration(const std::vector<std::vector<double>>& jackknife) {
  double largest = 0;
  Moments sum;
  for (const std::vector<double>& stratum : jackknife) {
    const Moments one = moments(stratum);
    sum.square += one.square;
    sum.cube += one.cube;
    for (const double value : stratum)
      if (!std::isnan(value)) largest = std::max(largest, std::abs(value));
  }
  // Differences that are rounding alone would give a number that means nothing.
  if (std::sqrt(sum.square) <= 1e-12 * largest || sum.square == 0) return kNan;
  return sum.cube / (6 * std::pow(sum.square, 1.5));
}

double bias_correction(std::span<const double> sorted, double value) {
  return normal_quantile(share_below(sorted, value));
}

bool bca_defined(double z0, double acceleration, double level) {
  const double z = normal_quantile((1 + level) / 2);
  return std::isfinite(z0) && std::isfinite(acceleration) &&
         acceleration * (z0 + z) < 1 && acceleration * (z0 - z) < 1;
}

Interval bca_interval(std::span<const double> sorted, double z0,
                      double acceleration, double level) {
  const double z = normal_quantile((1 + level) / 2);
  const auto end = [&](double side) {
    return sorted_quantile(sorted,
                           normal_cdf(corrected(side, z0, acceleration)));
  };
  return {end(-z), end(z)};
}

Interval percentile_interval(std::span<const double> sorted, double level) {
  return {sorted_quantile(sorted, (1 - level) / 2),
          sorted_quantile(sorted, (1 + level) / 2)};
}

double p_of_zero(std::span<const double> sorted, double z0,
                 double acceleration) {
  const double least = 1 / (static_cast<double>(sorted.size()) + 1);
  const double share = std::clamp(share_below(sorted, 0), least, 1 - least);
  // The interval's end (see `corrected`) solved for the z that puts it at 0.
  const double distance = normal_quantile(share) - z0;
  const double scale = 1 + acceleration * distance;
  if (scale <= 0) return 2 * least;
  const double tail = normal_cdf(distance / scale - z0);
  return std::clamp(2 * std::min(tail, 1 - tail), 2 * least, 1.0);
}

}  // namespace fer
