// Loss and accuracy of an epoch while it runs.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace fer {

/// Sums over the samples seen, kept on the device until they are read.
struct RunningMetrics {
  torch::Tensor loss_sum;     ///< float64
  torch::Tensor correct_sum;  ///< int64; undefined: nothing to count
  int64_t samples = 0;

  static RunningMetrics zero(const torch::Device& device);

  /// Adds in place, so that a recorded step adds to the same memory. `correct`
  /// may be undefined.
  void add(const torch::Tensor& mean_loss, const torch::Tensor& correct,
           int64_t n);
  double loss() const;  ///< mean per sample; 0 without samples
  /// Share of right answers; NaN where there are none to count.
  double accuracy() const;
};

}  // namespace fer
