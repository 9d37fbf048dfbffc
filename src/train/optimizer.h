// Update rules on torch's fused kernels: one call per step for all parameters.
#pragma once

#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

#include "config/sections.h"
#include "models/model.h"

namespace fer {

/// Adam (Kingma and Ba 2015), AdamW (Loshchilov and Hutter 2019) and SGD with
/// momentum.
///   m = b1 m + (1 - b1) g,  v = b2 v + (1 - b2) g^2,  t = t + 1
///   torch: w -= lr / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps)
///   keras: w -= lr sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps)
/// which is torch's rule with eps / sqrt(1 - b2^t) in place of eps.
class Optimizer {
 public:
  Optimizer(const OptimizerConfig& config, NamedTensors parameters);

  /// One step with the gradients as they are; parameters without one are left
  /// alone.
  void step();
  void zero_grad();

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double value) { learning_rate_ = value; }
  int64_t steps() const { return steps_; }

  void scale_gradients(double factor);
  /// Scales all gradients so that their common 2-norm is at most `limit`.
  void clip_gradients(double limit);

  /// Named state: "<parameter>/mean" and "<parameter>/square" or "/momentum".
  NamedTensors state() const;
  void load_state(const NamedTensors& state, int64_t steps);

 private:
  struct Lists {
    std::vector<torch::Tensor> parameters, gradients, first, second, steps;
  };
  Lists with_gradient() const;

  OptimizerConfig config_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> first_, second_, step_tensors_;
  double learning_rate_;
  int64_t steps_ = 0;
};

}  // namespace fer
