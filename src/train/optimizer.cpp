#include "train/optimizer.h"

#include <ATen/ATen.h>

#include "core/error.h"

namespace fer {

Optimizer::Optimizer(const OptimizerConfig& config, NamedTensors parameters,
                     std::vector<double> rate_scales)
    : config_(config),
      rate_scales_(std::move(rate_scales)),
      clocks_(parameters.size()),
      learning_rate_(config.learning_rate) {
  if (rate_scales_.empty()) rate_scales_.assign(parameters.size(), 1.0);
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
  if (!parameters_.empty() && parameters_.front().is_cuda()) use_tensor_rate();
}

void Optimizer::use_tensor_rate() {
  // A GPU's kernels read it as float.
  const bool exact = parameters_.front().scalar_type() == torch::kDouble;
  rate_ = torch::full({}, learning_rate_,
                      parameters_.front().options().dtype(
                          exact ? torch::kDouble : torch::kFloat));
}

void Optimizer::set_learning_rate(double value) {
  learning_rate_ = value;
  if (rate_.defined()) rate_.fill_(value);
}

// Of the parameters that have one.
std::vector<torch::Tensor> Optimizer::gradients() const {
  std::vector<torch::Tensor> found;
  for (const torch::Tensor& parameter : parameters_) {
    if (parameter.grad().defined()) found.push_back(parameter.grad());
  }
  return found;
}

Optimizer::Group& Optimizer::group_of(size_t parameter,
                                      std::vector<Group>& groups) const {
  const bool decays = config_.decay_vectors || parameters_[parameter].dim() > 1;
  const double scale = rate_scales_[parameter];
  const double decay = decays ? config_.weight_decay : 0.0;
  const int64_t clock = clocks_[parameter];
  for (Group& group : groups) {
    if (group.rate_scale == scale && group.weight_decay == decay &&
        group.clock == clock)
      return group;
  }
  groups.push_back({scale, decay, clock, {}, {}, {}, {}, {}});
  return groups.back();
}

std::vector<Optimizer::Group> Optimizer::groups() const {
  std::vector<Group> groups;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].grad().defined()) continue;
    Group& group = group_of(i, groups);
    group.parameters.push_back(parameters_[i]);
    group.gradients.push_back(parameters_[i].grad());
    group.first.push_back(first_[i]);
    if (second_.empty()) continue;
    group.second.push_back(second_[i]);
    group.steps.push_back(step_tensors_[i]);
  }
  return groups;
}

void Optimizer::step() {
  count_step();
  update();
}

void Optimizer::count_step() {
  ++steps_;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (parameters_[i].requires_grad()) ++clocks_[i];
  }
}

void Optimizer::update() {
  const torch::NoGradGuard guard;
  std::vector<torch::Tensor> running;
  for (size_t i = 0; i < step_tensors_.size(); ++i) {
    if (parameters_[i].requires_grad()) running.push_back(step_tensors_[i]);
  }
  if (!running.empty()) at::_foreach_add_(running, 1);
  for (const Group& group : groups()) {
    if (rate_.defined()) {
      step_by_tensors(group);
    } else {
      config_.name == OptimizerKind::kSgd ? step_sgd(group) : step_adam(group);
    }
  }
}

void Optimizer::zero_grad() {
  for (torch::Tensor& parameter : parameters_)
    parameter.mutable_grad() = torch::Tensor();
}

void Optimizer::scale_gradients(double factor) {
  const torch::NoGradGuard guard;
  for (const torch::Tensor& gradient : gradients()) gradient.mul_(factor);
}

void Optimizer::clip_gradients(double limit) {
  const torch::NoGradGuard guard;
  const std::vector<torch::Tensor> grads = gradients();
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

Optimizer::Clocks Optimizer::late_clocks() const {
  Clocks late;
  for (size_t i = 0; i < names_.size(); ++i) {
    if (clocks_[i] != steps_) late[names_[i]] = clocks_[i];
  }
  return late;
}

void Optimizer::load_state(const NamedTensors& state, int64_t steps,
                           const Clocks& late) {
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
  for (size_t i = 0; i < names_.size(); ++i) {
    const auto found = late.find(names_[i]);
    clocks_[i] = found == late.end() ? steps : found->second;
    if (!step_tensors_.empty())
      step_tensors_[i].fill_(static_cast<double>(clocks_[i]));
  }
}

}  // namespace fer
