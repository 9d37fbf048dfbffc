#include "train/optimizer.h"

#include <ATen/ATen.h>

#include <cmath>

#include "core/error.h"

namespace fer {

Optimizer::Optimizer(const OptimizerConfig& config, NamedTensors parameters)
    : config_(config), learning_rate_(config.learning_rate) {
  const bool sgd = config.name == OptimizerKind::kSgd;
  for (auto& [name, parameter] : parameters) {
    names_.push_back(name);
    parameters_.push_back(parameter);
    first_.push_back(torch::zeros_like(parameter));
    if (sgd) continue;
    second_.push_back(torch::zeros_like(parameter));
    step_tensors_.push_back(
        torch::zeros({}, parameter.options().dtype(torch::kFloat)));
  }
}

// What the fused kernels take: parameters that have a gradient, and theirs.
Optimizer::Lists Optimizer::with_gradient() const {
  Lists lists;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].grad().defined()) continue;
    lists.parameters.push_back(parameters_[i]);
    lists.gradients.push_back(parameters_[i].grad());
    lists.first.push_back(first_[i]);
    if (second_.empty()) continue;
    lists.second.push_back(second_[i]);
    lists.steps.push_back(step_tensors_[i]);
  }
  return lists;
}

void Optimizer::step() {
  const torch::NoGradGuard guard;
  ++steps_;
  // The clock of a parameter runs on while it has no gradient.
  if (!step_tensors_.empty()) at::_foreach_add_(step_tensors_, 1);
  const Lists lists = with_gradient();
  if (lists.parameters.empty()) return;
  const auto& [parameters, grads, first, second, steps] = lists;
  const auto& c = config_;
  if (c.name == OptimizerKind::kSgd) {
    // Without momentum the kernel refuses buffers.
    const at::TensorList buffers =
        c.momentum > 0 ? at::TensorList(first) : at::TensorList();
    at::_fused_sgd_(parameters, grads, buffers, c.weight_decay, c.momentum,
                    learning_rate_, /*dampening=*/0.0, c.nesterov,
                    /*maximize=*/false, /*is_first_step=*/steps_ == 1);
    return;
  }
  double epsilon = c.epsilon;
  if (c.variant == AdamVariant::kKeras) {
    epsilon /= std::sqrt(1.0 - std::pow(c.beta_2, static_cast<double>(steps_)));
  }
  if (c.name == OptimizerKind::kAdam) {
    at::_fused_adam_(parameters, grads, first, second, {}, steps,
                     learning_rate_, c.beta_1, c.beta_2, c.weight_decay,
                     epsilon, /*amsgrad=*/false, /*maximize=*/false);
  } else {
    at::_fused_adamw_(parameters, grads, first, second, {}, steps,
                      learning_rate_, c.beta_1, c.beta_2, c.weight_decay,
                      epsilon, /*amsgrad=*/false, /*maximize=*/false);
  }
}

void Optimizer::zero_grad() {
  for (torch::Tensor& parameter : parameters_)
    parameter.mutable_grad() = torch::Tensor();
}

void Optimizer::scale_gradients(double factor) {
  const torch::NoGradGuard guard;
  for (const torch::Tensor& gradient : with_gradient().gradients) {
    gradient.mul_(factor);
  }
}

void Optimizer::clip_gradients(double limit) {
  const torch::NoGradGuard guard;
  const std::vector<torch::Tensor> grads = with_gradient().gradients;
  if (grads.empty()) return;
  const torch::Tensor norm = at::stack(at::_foreach_norm(grads, 2)).norm();
  const torch::Tensor factor = (limit / (norm + 1e-6)).clamp_max(1.0);
  at::_foreach_mul_(grads, factor);
}

NamedTensors Optimizer::state() const {
  NamedTensors result;
  const bool sgd = second_.empty();
  for (size_t i = 0; i < names_.size(); ++i) {
    result.emplace_back(names_[i] + (sgd ? "/momentum" : "/mean"), first_[i]);
    if (!sgd) result.emplace_back(names_[i] + "/square", second_[i]);
  }
  return result;
}

void Optimizer::load_state(const NamedTensors& state, int64_t steps) {
  const torch::NoGradGuard guard;
  const auto mine = this->state();
  if (state.size() != mine.size()) {
    fail<DataError>(
        "[optimizer] expected {} state tensors; got {}. The checkpoint belongs "
        "to "
        "another optimizer.",
        mine.size(), state.size());
  }
  for (size_t i = 0; i < mine.size(); ++i) {
    if (state[i].first != mine[i].first ||
        state[i].second.sizes() != mine[i].second.sizes()) {
      fail<DataError>(
          "[optimizer] expected the state '{}'; got '{}' or another shape. The "
          "checkpoint belongs to another optimizer or model.",
          mine[i].first, state[i].first);
    }
    mine[i].second.copy_(state[i].second);
  }
  steps_ = steps;
  for (torch::Tensor& tensor : step_tensors_)
    tensor.fill_(static_cast<double>(steps));
}

}  // namespace fer
