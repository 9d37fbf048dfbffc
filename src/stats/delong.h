// Interval of an area under the ROC curve, and of the difference of two on the
// same images, without resampling: DeLong, DeLong & Clarke-Pearson (1988) with
// the mid-ranks of Sun & Xu (2014), O(n log n).
//
// With m positive scores x, n negative scores y, and T mid-ranks (mean rank of
// equals) among all m + n scores, among the x, and among the y:
//   AUC = sum_i T_all(x_i) / mn - (m + 1) / 2n
//   v_i = (T_all(x_i) - T_x(x_i)) / n
//   w_j = 1 - (T_all(y_j) - T_y(y_j)) / m
//   var = S_v / m + S_w / n
// with S the variance over the images (divided by m - 1 and n - 1); for two
// scores S is their covariance matrix.
#pragma once

#include <cstdint>
#include <span>

#include "metrics/proportion.h"

namespace fer {

struct AucEstimate {
  double auc = 0;
  double standard_error = 0;
  Interval interval;  ///< auc +- z standard_error, kept inside [0, 1]
  int64_t positives = 0, negatives = 0;
};

/// An image is positive where its label is `positive`. DataError for no
/// images, other lengths, fewer than two images on either side, scores that
/// are not finite, or a level outside (0, 1).
/// Standard error 0 where all positives lie above all negatives: the interval
/// is then a point, and says less than it seems.
AucEstimate delong(std::span<const int64_t> labels, int64_t positive,
                   std::span<const double> scores, double level = 0.95);

struct AucDifference {
  double auc_a = 0, auc_b = 0;
  double difference = 0;  ///< a - b
  double standard_error = 0;
  Interval interval;  ///< inside [-1, 1]
  double z = 0;       ///< difference / standard_error; 0 / 0 is 0
  double p = 1;       ///< two-sided, normal
};

/// Entry i of all three is the same image. Throws like delong().
AucDifference delong_difference(std::span<const int64_t> labels,
                                int64_t positive,
                                std::span<const double> scores_a,
                                std::span<const double> scores_b,
                                double level = 0.95);

}  // namespace fer
