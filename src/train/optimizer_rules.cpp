// The update rules themselves.
#include <ATen/ATen.h>

#include <cmath>

#include "train/optimizer.h"

namespace fer {
namespace {

// 0.9999^t is 0 in double long before.
constexpr double kSettled = 1e9;

using Tensors = std::vector<torch::Tensor>;

void fused_adam(const Tensors& parameters, const Tensors& gradients,
                const Tensors& first, const Tensors& second,
                const Tensors& steps, const torch::Tensor& rate,
                const OptimizerConfig& c, double decay) {
  at::_fused_adam_(parameters, gradients, first, second, {}, steps, rate,
                   c.beta_1, c.beta_2, decay, c.epsilon, /*amsgrad=*/false,
                   /*maximize=*/false);
}

void fused_adamw(const Tensors& parameters, const Tensors& gradients,
                 const Tensors& first, const Tensors& second,
                 const Tensors& steps, const torch::Tensor& rate,
                 const OptimizerConfig& c, double decay) {
  at::_fused_adamw_(parameters, gradients, first, second, {}, steps, rate,
                    c.beta_1, c.beta_2, decay, c.epsilon, /*amsgrad=*/false,
                    /*maximize=*/false);
}

}  // namespace

void Optimizer::step_sgd(const Group& group) const {
  const auto& c = config_;
  // Without momentum the kernel refuses buffers.
  const at::TensorList buffers =
      c.momentum > 0 ? at::TensorList(group.first) : at::TensorList();
  at::_fused_sgd_(group.parameters, group.gradients, buffers,
                  group.weight_decay, c.momentum,
                  learning_rate_ * group.rate_scale, /*dampening=*/0.0,
                  c.nesterov, /*maximize=*/false,
                  /*is_first_step=*/group.clock == 1);
}

void Optimizer::step_adam(const Group& group) const {
  const auto& c = config_;
  const double rate = learning_rate_ * group.rate_scale;
  double epsilon = c.epsilon;
  if (c.variant == AdamVariant::kKeras) {
    epsilon /=
        std::sqrt(1.0 - std::pow(c.beta_2, static_cast<double>(group.clock)));
  }
  if (c.name == OptimizerKind::kAdam) {
    at::_fused_adam_(group.parameters, group.gradients, group.first,
                     group.second, {}, group.steps, rate, c.beta_1, c.beta_2,
                     group.weight_decay, epsilon, /*amsgrad=*/false,
                     /*maximize=*/false);
  } else {
    at::_fused_adamw_(group.parameters, group.gradients, group.first,
                      group.second, {}, group.steps, rate, c.beta_1, c.beta_2,
                      group.weight_decay, epsilon, /*amsgrad=*/false,
                      /*maximize=*/false);
  }
}

// Nothing here depends on a number of the host that changes from step to step.
void Optimizer::step_by_tensors(const Group& group) const {
  const auto& c = config_;
  const torch::Tensor rate = rate_ * group.rate_scale;
  if (c.name == OptimizerKind::kSgd) {
    const at::TensorList buffers =
        c.momentum > 0 ? at::TensorList(group.first) : at::TensorList();
    // The buffers start at zero: the first step needs no rule of its own.
    at::_fused_sgd_(group.parameters, group.gradients, buffers,
                    group.weight_decay, c.momentum, rate, /*dampening=*/0.0,
                    c.nesterov, /*maximize=*/false, /*is_first_step=*/false);
  } else if (c.variant == AdamVariant::kKeras) {
    keras_by_tensors(group, rate);
  } else {
    const auto rule =
        c.name == OptimizerKind::kAdam ? &fused_adam : &fused_adamw;
    rule(group.parameters, group.gradients, group.first, group.second,
         group.steps, rate, c, group.weight_decay);
  }
}

// Keras's rule from torch's kernel: with a clock so late that the kernel
// corrects nothing, the rate carries the correction.
void Optimizer::keras_by_tensors(const Group& group,
                                 const torch::Tensor& rate) const {
  double decay = group.weight_decay;
  if (config_.name == OptimizerKind::kAdamW && decay > 0) {
    at::_foreach_mul_(group.parameters, 1 - rate * decay);
    decay = 0;
  }
  const Tensors settled(group.steps.size(),
                        torch::full_like(group.steps.front(), kSettled));
  fused_adam(group.parameters, group.gradients, group.first, group.second,
             settled, keras_rate(group, rate), config_, decay);
}

// lr sqrt(1 - b2^t) / (1 - b1^t); in double, as 1 - b2 is lost in float.
torch::Tensor Optimizer::keras_rate(const Group& group,
                                    const torch::Tensor& rate) const {
  const torch::Tensor clock = group.steps.front().to(torch::kDouble);
  return (rate * (1 - at::pow(config_.beta_2, clock)).sqrt() /
          (1 - at::pow(config_.beta_1, clock)))
      .to(rate.scalar_type());
}

}  // namespace fer
