// Do probabilities mean what they say? Of the images with confidence 0.8, 80 %
// should be right. The confidence is the probability of the predicted class.
//   ECE = sum_b n_b / n |accuracy_b - confidence_b|   (Naeini, Cooper &
//   Hauskrecht 2015; Guo et al. 2017), MCE = the largest of the differences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "metrics/predictions.h"
#include "metrics/proportion.h"

namespace fer {

enum class Binning {
  kEqualWidth,  ///< (0, 1/B], (1/B, 2/B], ...; 0 is in the first
  kEqualMass,   ///< edges at the quantiles of the confidences: equally many
                ///< images a bin; equal confidences stay together
};

/// One bar of a reliability diagram: confidence in (low, high].
struct ReliabilityBin {
  double low = 0, high = 0;
  int64_t count = 0;
  double confidence = 0;  ///< mean in the bin; NaN for an empty one
  double accuracy = 0;    ///< share of right ones; NaN for an empty one
  Interval interval;      ///< of the accuracy, Wilson; NaN for an empty one
};

/// A reliability diagram: bins from low to high, and what they add up to.
struct Reliability {
  std::vector<ReliabilityBin> bins;
  double expected_error = 0;  ///< ECE, in [0, 1]
  double maximum_error = 0;   ///< MCE over the bins that are not empty
  double confidence = 0;      ///< mean over all images
  double accuracy = 0;        ///< above confidence: the model is too modest
};

/// Confidences in [0, 1] and whether each was right. DataError for none, other
/// lengths, confidences out of range or NaN, no bins, or a level outside
/// (0, 1).
Reliability reliability(std::span<const double> confidences,
                        const std::vector<bool>& right, Binning binning,
                        size_t bins = 15, double level = 0.95);

/// Of the decisions of a model. Throws also what check_predictions throws.
Reliability reliability(const Predictions& predictions, Binning binning,
                        size_t bins = 15, double level = 0.95);

/// Of one class against the rest: its probability, and whether it is true.
Reliability class_reliability(const Predictions& predictions,
                              size_t class_index, Binning binning,
                              size_t bins = 15, double level = 0.95);

}  // namespace fer
