#include "songs/scaling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fer {

std::vector<double> min_max(std::span<const double> values) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const double range = high - low;
  // A range below ten times the rounding is none, as in scikit-learn.
  const bool constant = !(range >= 10 * std::numeric_limits<double>::epsilon());
  const double scale = constant ? 1.0 : 1.0 / range;
  const double shift = 0.0 - low * scale;
  std::vector<double> scaled;
  scaled.reserve(values.size());
  for (const double value : values) scaled.push_back(value * scale + shift);
  return scaled;
}

Points min_max(const Points& points) {
  Points scaled(points.rows(), points.cols());
  std::vector<double> column(static_cast<size_t>(points.rows()));
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    for (Eigen::Index i = 0; i < points.rows(); ++i)
      column[static_cast<size_t>(i)] = points(i, j);
    const std::vector<double> values = min_max(column);
    for (Eigen::Index i = 0; i < points.rows(); ++i)
      scaled(i, j) = values[static_cast<size_t>(i)];
  }
  return scaled;
}

std::vector<double> middle_ranks(std::span<const double> values) {
  std::vector<size_t> order;
  for (size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) order.push_back(i);
  std::ranges::sort(order, {}, [&](size_t i) { return values[i]; });
  std::vector<double> ranks(values.size(),
                            std::numeric_limits<double>::quiet_NaN());
  const auto n = static_cast<double>(order.size());
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]])
      ++end;
    const double rank =
        (static_cast<double>(begin) + static_cast<double>(end)) / 2 / n;
    for (size_t i = begin; i < end; ++i) ranks[order[i]] = rank;
  }
  return ranks;
}

}  // namespace fer
