#include "train/running_metrics.h"

#include <ATen/ATen.h>

#include <limits>

namespace fer {

RunningMetrics RunningMetrics::zero(const torch::Device& device) {
  const auto on = torch::TensorOptions().device(device);
  return {torch::zeros({}, on.dtype(torch::kDouble)),
          torch::zeros({}, on.dtype(torch::kLong)), 0};
}

void RunningMetrics::add(const torch::Tensor& mean_loss,
                         const torch::Tensor& correct, int64_t n) {
  if (!loss_sum.defined()) {
    *this = zero(mean_loss.device());
    if (!correct.defined()) correct_sum = torch::Tensor();
  }
  loss_sum.add_(mean_loss.detach().to(torch::kDouble), static_cast<double>(n));
  if (correct.defined()) correct_sum.add_(correct);
  samples += n;
}

double RunningMetrics::loss() const {
  return samples == 0 ? 0.0
                      : loss_sum.item<double>() / static_cast<double>(samples);
}

double RunningMetrics::accuracy() const {
  if (samples == 0) return 0.0;
  if (!correct_sum.defined()) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(correct_sum.item<int64_t>()) /
         static_cast<double>(samples);
}

}  // namespace fer
