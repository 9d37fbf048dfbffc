// Curves over all thresholds of a score, one class (the positive one) against
// the rest; scikit-learn's definitions. Images with equal scores change sides
// together, so ties give one point.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fer {

/// From (0, 0), at the threshold +inf, to (1, 1), thresholds falling. A rate
/// without images (no negative, no positive one) is NaN throughout.
struct RocCurve {
  std::vector<double> false_positive_rate;
  std::vector<double> true_positive_rate;
  std::vector<double> thresholds;  ///< positive: score >= threshold
};

/// Thresholds rising; the last point is (recall 0, precision 1) and has none,
/// so `thresholds` is shorter by one. Without positive images recall is 1
/// everywhere else.
struct PrecisionRecallCurve {
  std::vector<double> precision;
  std::vector<double> recall;
  std::vector<double> thresholds;
};

/// All functions: an image is positive where its label is `positive`. DataError
/// for N = 0, unequal lengths, or a score that is not finite.
/// `drop_intermediate` leaves out points on straight lines (small figures, same
/// area).
RocCurve roc_curve(std::span<const int64_t> labels, int64_t positive,
                   std::span<const double> scores,
                   bool drop_intermediate = false);

PrecisionRecallCurve precision_recall_curve(std::span<const int64_t> labels,
                                            int64_t positive,
                                            std::span<const double> scores,
                                            bool drop_intermediate = false);

/// Area under the ROC curve by trapezia, which counts ties as one half; NaN
/// unless both sides have images.
double area_under_roc(std::span<const int64_t> labels, int64_t positive,
                      std::span<const double> scores);

/// AUC of the decisions alone (score 1 where `positive` was predicted, else 0):
/// the mean of recall and specificity. What the report calls AUC.
double area_from_hard_labels(std::span<const int64_t> labels, int64_t positive,
                             std::span<const int64_t> predicted);

/// Sum of (recall_i - recall_{i-1}) * precision_i, no interpolation; 0 without
/// positive images.
double average_precision(std::span<const int64_t> labels, int64_t positive,
                         std::span<const double> scores);

}  // namespace fer
