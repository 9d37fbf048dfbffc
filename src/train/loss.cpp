#include "train/loss.h"

#include <ATen/ATen.h>

namespace fer {
namespace {

// bf16 is too coarse for a loss; double (in tests) stays double.
torch::Tensor at_least_float(const torch::Tensor& logits) {
  return logits.scalar_type() == torch::kDouble ? logits
                                                : logits.to(torch::kFloat);
}

}  // namespace

Loss::Loss(double label_smoothing, std::vector<double> weights)
    : label_smoothing_(label_smoothing) {
  if (!weights.empty()) {
    weights_ = torch::tensor(weights, torch::kDouble).to(torch::kFloat);
  }
}

torch::Tensor Loss::operator()(const torch::Tensor& logits,
                               const torch::Tensor& truth) const {
  const torch::Tensor exact = at_least_float(logits);
  const bool soft = truth.is_floating_point();
  torch::Tensor losses;
  if (exact.size(1) == 1) {
    torch::Tensor target =
        (soft ? truth.select(1, 1) : truth).to(exact.scalar_type());
    if (label_smoothing_ > 0) {
      target = target * (1 - label_smoothing_) + label_smoothing_ / 2;
    }
    losses = at::binary_cross_entropy_with_logits(exact.squeeze(1), target, {},
                                                  {}, at::Reduction::None);
  } else {
    losses = at::cross_entropy_loss(
        exact, soft ? truth.to(exact.scalar_type()) : truth, {},
        at::Reduction::None, -100, label_smoothing_);
  }
  if (weights_.defined()) {
    // Moved once: a recorded step may not copy anything from the host.
    weights_ = weights_.to(truth.device());
    losses = losses * (soft ? truth.to(weights_.scalar_type()).matmul(weights_)
                            : weights_.index_select(0, truth));
  }
  return losses.mean();
}

torch::Tensor Loss::plain(const torch::Tensor& logits,
                          const torch::Tensor& truth) {
  static const Loss loss(0.0, {});
  return loss(logits, truth);
}

torch::Tensor count_correct(const torch::Tensor& logits,
                            const torch::Tensor& labels) {
  const torch::NoGradGuard guard;
  const torch::Tensor predicted =
      logits.size(1) == 1 ? (logits.squeeze(1) >= 0).to(torch::kLong)
                          : logits.argmax(1);
  return predicted.eq(labels).sum();
}

torch::Tensor probabilities(const torch::Tensor& logits) {
  const torch::Tensor exact = logits.to(torch::kDouble);
  if (exact.size(1) > 1) return exact.softmax(1);
  const torch::Tensor one = exact.sigmoid();
  return at::cat({1.0 - one, one}, 1);
}

std::vector<double> balanced_weights(const std::vector<int64_t>& labels,
                                     size_t classes) {
  std::vector<double> counts(classes, 0.0);
  for (const int64_t label : labels) counts[static_cast<size_t>(label)] += 1.0;
  for (double& count : counts) {
    if (count > 0) {
      count = static_cast<double>(labels.size()) /
              (static_cast<double>(classes) * count);
    }
  }
  return counts;
}

}  // namespace fer
