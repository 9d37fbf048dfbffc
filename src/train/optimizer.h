// Update rules on torch's fused kernels: one call per step for all parameters
// that share learning rate, weight decay and clock.
#pragma once

#include <torch/types.h>

#include <map>
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
///
/// t is the clock of a parameter. It runs on in steps for which the parameter
/// has no gradient, and stands, as do m and v, while the parameter is frozen
/// (asks for no gradient): with an old clock, m and v that start at zero would
/// pass for settled ones, and the first steps after it is set free would be
/// several times too large.
class Optimizer {
 public:
  /// `rate_scales`: for each parameter its share of the learning rate; empty:
  /// all have the whole. With config.decay_vectors off, parameters of one
  /// dimension have no weight decay.
  Optimizer(const OptimizerConfig& config, NamedTensors parameters,
            std::vector<double> rate_scales = {});

  /// One step with the gradients as they are; parameters without one are left
  /// alone. The same as count_step(), then update().
  void step();
  /// Moves steps() and the clocks on.
  void count_step();
  /// Moves the weights. On a GPU learning rate and clocks are read there, so
  /// that a CUDA graph can repeat it; on a CPU after use_tensor_rate(), too.
  void update();
  void use_tensor_rate();
  void zero_grad();

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double value);
  int64_t steps() const { return steps_; }

  void scale_gradients(double factor);
  /// Scales all gradients so that their common 2-norm is at most `limit`.
  void clip_gradients(double limit);

  /// Steps by name of a parameter.
  using Clocks = std::map<std::string, int64_t>;

  /// Named state: "<parameter>/mean" and "<parameter>/square" or "/momentum".
  NamedTensors state() const;
  /// The clocks that are behind steps(), by parameter.
  Clocks late_clocks() const;
  /// What state(), steps() and late_clocks() gave. DataError for the state of
  /// another optimizer or model.
  void load_state(const NamedTensors& state, int64_t steps,
                  const Clocks& late = {});

 private:
  /// What one fused call takes.
  struct Group {
    double rate_scale, weight_decay;
    int64_t clock;
    std::vector<torch::Tensor> parameters, gradients, first, second, steps;
  };
  std::vector<torch::Tensor> gradients() const;
  std::vector<Group> groups() const;
  Group& group_of(size_t parameter, std::vector<Group>& groups) const;
  void step_sgd(const Group& group) const;
  void step_adam(const Group& group) const;
  void step_by_tensors(const Group& group) const;
  void keras_by_tensors(const Group& group, const torch::Tensor& rate) const;
  torch::Tensor keras_rate(const Group& group, const torch::Tensor& rate) const;

  OptimizerConfig config_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> parameters_;
  std::vector<double> rate_scales_;
  std::vector<int64_t> clocks_;
  std::vector<torch::Tensor> first_, second_, step_tensors_;
  double learning_rate_;
  torch::Tensor rate_;  // the learning rate where the parameters are
  int64_t steps_ = 0;
};

}  // namespace fer
