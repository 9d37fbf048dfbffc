// How good the probabilities are, not only the decisions: log loss and Brier
// scores, with scikit-learn's definitions. Inputs: labels [N] in [0, K) and
// probabilities [N, K] row by row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace fer {

/// A row of probabilities may miss a sum of 1 by this much: room for a softmax
/// in float32 over hundreds of classes, none for one in bfloat16.
inline constexpr double kRowSumTolerance = 1e-5;

/// What is wrong with one row ("NaN for label 1", "a sum of 0.9"), or "".
std::string row_fault(std::span<const double> row);

/// Mean of -log(p of the true class), natural logarithm; p is first clipped to
/// [eps, 1 - eps], eps = 2^-52, and the row is not normalised again. Throws
/// DataError for N = 0, labels or probabilities out of range, or sizes that do
/// not fit.
double log_loss(std::span<const int64_t> labels,
                std::span<const double> probabilities, size_t classes);

/// Binary Brier score: mean of (y - p)^2, where y = 1 for label `positive`
/// and p is its score. In [0, 1]. Throws like log_loss.
double brier_binary(std::span<const int64_t> labels, int64_t positive,
                    std::span<const double> scores);

/// Multi-class Brier score: mean over the images of the sum over the classes of
/// (y_k - p_k)^2. In [0, 2]; for two classes twice the binary score. Throws
/// like log_loss.
double brier_multiclass(std::span<const int64_t> labels,
                        std::span<const double> probabilities, size_t classes);

}  // namespace fer
