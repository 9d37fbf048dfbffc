#include "stats/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "stats/distributions.h"

namespace fer {
namespace {

constexpr size_t kMostBins = 10'000;

void check(std::span<const double> confidences, size_t right, size_t bins) {
  if (confidences.empty()) {
    fail<DataError>(
        "[calibration] expected at least one image; got none. Is the split "
        "empty?");
  }
  if (confidences.size() != right) {
    fail<DataError>(
        "[calibration] expected a confidence for each answer; got {} and {}.",
        confidences.size(), right);
  }
  if (bins < 1 || bins > kMostBins) {
    fail<DataError>(
        "[calibration] expected 1 to {} bins; got {}. 15 are usual.", kMostBins,
        bins);
  }
  for (size_t i = 0; i < confidences.size(); ++i) {
    if (confidences[i] >= 0 && confidences[i] <= 1) continue;
    fail<DataError>(
        "[calibration] expected confidences in [0, 1]; got {} (row {}).",
        confidences[i], i);
  }
}

// The b-th of `bins` quantiles; whole numbers, so that an edge that is one of
// the values is that value to the bit.
double edge_of_mass(const std::vector<double>& sorted, size_t b, size_t bins) {
  const size_t place = b * (sorted.size() - 1);
  const size_t low = place / bins;
  const size_t high = std::min(low + 1, sorted.size() - 1);
  const double part =
      static_cast<double>(place % bins) / static_cast<double>(bins);
  return sorted[low] + part * (sorted[high] - sorted[low]);
}

std::vector<double> make_edges(std::span<const double> confidences,
                               Binning binning, size_t bins) {
  std::vector<double> sorted(confidences.begin(), confidences.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> edges(bins + 1);
  for (size_t b = 0; b <= bins; ++b) {
    edges[b] = binning == Binning::kEqualWidth
                   ? static_cast<double>(b) / static_cast<double>(bins)
                   : edge_of_mass(sorted, b, bins);
  }
  return edges;
}

// (low, high]; what is not above the first inner edge is in the first bin.
size_t bin_of(double confidence, const std::vector<double>& edges) {
  const auto inner = edges.begin() + 1;
  return static_cast<size_t>(
      std::lower_bound(inner, edges.end() - 1, confidence) - inner);
}

void finish(ReliabilityBin& bin, double confidences, int64_t right, double z) {
  if (bin.count == 0) {
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    bin.confidence = bin.accuracy = kNan;
    bin.interval = {kNan, kNan};
    return;
  }
  const auto n = static_cast<double>(bin.count);
  bin.confidence = confidences / n;
  bin.accuracy = static_cast<double>(right) / n;
  bin.interval = wilson_interval(right, bin.count, z);
}

// ECE, MCE and the means over all images.
void add_errors(Reliability& result, size_t rows) {
  for (const ReliabilityBin& bin : result.bins) {
    if (bin.count == 0) continue;
    const double share =
        static_cast<double>(bin.count) / static_cast<double>(rows);
    const double error = std::abs(bin.accuracy - bin.confidence);
    result.expected_error += share * error;
    result.maximum_error = std::max(result.maximum_error, error);
    result.confidence += share * bin.confidence;
    result.accuracy += share * bin.accuracy;
  }
}

}  // namespace

Reliability reliability(std::span<const double> confidences,
                        const std::vector<bool>& right, Binning binning,
                        size_t bins, double level) {
  const double z = two_sided_z("calibration", level);
  check(confidences, right.size(), bins);
  const std::vector<double> edges = make_edges(confidences, binning, bins);
  Reliability result;
  result.bins.resize(bins);
  std::vector<double> sums(bins);
  std::vector<int64_t> hits(bins);
  for (size_t i = 0; i < confidences.size(); ++i) {
    const size_t b = bin_of(confidences[i], edges);
    ++result.bins[b].count;
    sums[b] += confidences[i];
    hits[b] += right[i];
  }
  for (size_t b = 0; b < bins; ++b) {
    result.bins[b].low = edges[b];
    result.bins[b].high = edges[b + 1];
    finish(result.bins[b], sums[b], hits[b], z);
  }
  add_errors(result, confidences.size());
  return result;
}

Reliability reliability(const Predictions& p, Binning binning, size_t bins,
                        double level) {
  check_predictions(p);
  std::vector<double> confidences(p.size());
  std::vector<bool> right(p.size());
  for (size_t i = 0; i < p.size(); ++i) {
    confidences[i] = p.probability(i, static_cast<size_t>(p.predicted[i]));
    right[i] = p.predicted[i] == p.labels[i];
  }
  return reliability(confidences, right, binning, bins, level);
}

Reliability class_reliability(const Predictions& p, size_t class_index,
                              Binning binning, size_t bins, double level) {
  check_predictions(p);
  if (class_index >= p.classes()) {
    fail<DataError>("[calibration] expected a class in [0, {}); got {}.",
                    p.classes(), class_index);
  }
  std::vector<bool> right(p.size());
  for (size_t i = 0; i < p.size(); ++i)
    right[i] = p.labels[i] == static_cast<int64_t>(class_index);
  return reliability(p.scores(class_index), right, binning, bins, level);
}

}  // namespace fer
