#include "stats/delong.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "core/error.h"
#include "stats/distributions.h"

namespace fer {
namespace {

/// What each image adds to an AUC: V10 and V01 of DeLong et al.
struct Components {
  std::vector<double> positives, negatives;
};

void check(std::span<const int64_t> labels, std::span<const double> scores) {
  if (labels.empty()) {
    fail<DataError>(
        "[delong] expected at least one image; got none. Is the split empty?");
  }
  if (labels.size() != scores.size()) {
    fail<DataError>(
        "[delong] expected a score for each label; got {} labels and {} "
        "scores.",
        labels.size(), scores.size());
  }
  for (size_t i = 0; i < scores.size(); ++i) {
    if (std::isfinite(scores[i])) continue;
    fail<DataError>("[delong] expected finite scores; got {} (row {}).",
                    scores[i], i);
  }
}

// Ranks from 1; equals share the mean of theirs.
std::vector<double> mid_ranks(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]])
      ++end;
    const double rank = (static_cast<double>(begin + 1 + end)) / 2;
    for (size_t i = begin; i < end; ++i) ranks[order[i]] = rank;
  }
  return ranks;
}

Components components(std::span<const int64_t> labels, int64_t positive,
                      std::span<const double> scores) {
  check(labels, scores);
  std::vector<double> x, y;
  for (size_t i = 0; i < labels.size(); ++i)
    (labels[i] == positive ? x : y).push_back(scores[i]);
  if (std::min(x.size(), y.size()) < 2) {
    fail<DataError>(
        "[delong] expected two or more images on each side; got {} positive "
        "and {} negative ones.",
        x.size(), y.size());
  }
  std::vector<double> both = x;
  both.insert(both.end(), y.begin(), y.end());
  const auto all = mid_ranks(both), of_x = mid_ranks(x), of_y = mid_ranks(y);
  const auto m = static_cast<double>(x.size());
  const auto n = static_cast<double>(y.size());
  Components result{x, y};
  for (size_t i = 0; i < x.size(); ++i)
    result.positives[i] = (all[i] - of_x[i]) / n;
  for (size_t j = 0; j < y.size(); ++j)
    result.negatives[j] = 1 - (all[x.size() + j] - of_y[j]) / m;
  return result;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(values.size());
}

// Of the mean of `values`.
double variance_of_mean(const std::vector<double>& values) {
  const double centre = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  const auto n = static_cast<double>(values.size());
  return sum / (n - 1) / n;
}

double standard_error(const Components& parts) {
  return std::sqrt(variance_of_mean(parts.positives) +
                   variance_of_mean(parts.negatives));
}

std::vector<double> minus(const std::vector<double>& a,
                          const std::vector<double>& b) {
  std::vector<double> difference(a.size());
  std::transform(a.begin(), a.end(), b.begin(), difference.begin(),
                 std::minus<>());
  return difference;
}

Interval around(double centre, double spread, double low, double high) {
  return {std::max(low, centre - spread), std::min(high, centre + spread)};
}

}  // namespace

AucEstimate delong(std::span<const int64_t> labels, int64_t positive,
                   std::span<const double> scores, double level) {
  const double z = two_sided_z("delong", level);
  const Components parts = components(labels, positive, scores);
  AucEstimate estimate;
  estimate.auc = mean(parts.positives);
  estimate.standard_error = standard_error(parts);
  estimate.interval = around(estimate.auc, z * estimate.standard_error, 0, 1);
  estimate.positives = static_cast<int64_t>(parts.positives.size());
  estimate.negatives = static_cast<int64_t>(parts.negatives.size());
  return estimate;
}

AucDifference delong_difference(std::span<const int64_t> labels,
                                int64_t positive,
                                std::span<const double> scores_a,
                                std::span<const double> scores_b,
                                double level) {
  const double z = two_sided_z("delong", level);
  const Components a = components(labels, positive, scores_a);
  const Components b = components(labels, positive, scores_b);
  AucDifference result;
  result.auc_a = mean(a.positives);
  result.auc_b = mean(b.positives);
  result.difference = result.auc_a - result.auc_b;
  // The variance of the differences is L S L' with L = (1, -1), without the
  // cancellation.
  result.standard_error = standard_error(
      {minus(a.positives, b.positives), minus(a.negatives, b.negatives)});
  result.interval = around(result.difference, z * result.standard_error, -1, 1);
  result.z =
      result.difference == 0 ? 0 : result.difference / result.standard_error;
  result.p = 2 * normal_cdf(-std::abs(result.z));
  return result;
}

}  // namespace fer
