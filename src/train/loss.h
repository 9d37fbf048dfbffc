// Losses on logits: what training lowers and what history.csv calls loss.
#pragma once

#include <torch/types.h>

#include <vector>

#include "config/sections.h"

namespace fer {

/// Binary (`[N, 1]` logits) or categorical (`[N, K]`) cross-entropy, mean over
/// the batch, computed in float32 (float64 for float64 logits). The truth is
/// labels, int64 `[N]`, or soft labels, float `[N, K]` with rows that sum to 1:
/// -sum_k p_k log q_k, which is the former where a row holds one 1.
class Loss {
 public:
  /// `weights`: per class, empty for none.
  Loss(double label_smoothing, std::vector<double> weights);

  /// Weighted as Keras does: mean of weight * loss; the weight of a soft label
  /// is sum_k p_k weight_k. Label smoothing s as in Keras: binary y (1 - s) +
  /// s / 2, categorical y (1 - s) + s / K.
  torch::Tensor operator()(const torch::Tensor& logits,
                           const torch::Tensor& truth) const;

  /// The same without weights and smoothing, for validation.
  static torch::Tensor plain(const torch::Tensor& logits,
                             const torch::Tensor& truth);

 private:
  double label_smoothing_;
  mutable torch::Tensor weights_;
};

/// Number of right answers, int64 scalar tensor: sigmoid >= 0.5 or the largest
/// logit.
torch::Tensor count_correct(const torch::Tensor& logits,
                            const torch::Tensor& labels);

/// Probabilities `[N, K]`, float64: both columns for a binary head.
torch::Tensor probabilities(const torch::Tensor& logits);

/// n / (classes * n_class), as scikit-learn's class_weight="balanced".
std::vector<double> balanced_weights(const std::vector<int64_t>& labels,
                                     size_t classes);

}  // namespace fer
