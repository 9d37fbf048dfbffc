// The update rule and the learning rate over the epochs.
#pragma once

#include <tuple>

#include "config/field.h"

namespace fer {

enum class OptimizerKind { kAdam, kAdamW, kSgd };
template <>
inline constexpr const char* kWords<OptimizerKind>[] = {"adam", "adamw", "sgd"};

enum class AdamVariant { kKeras, kTorch };
template <>
inline constexpr const char* kWords<AdamVariant>[] = {"keras", "torch"};

struct OptimizerConfig {
  OptimizerKind name = OptimizerKind::kAdam;
  double learning_rate = 1e-3;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  AdamVariant variant = AdamVariant::kKeras;
  double momentum = 0.0;
  bool nesterov = false;
  double weight_decay = 0.0;
  bool decay_vectors = true;

  static constexpr auto fields() {
    using C = OptimizerConfig;
    return std::tuple(
        field("name", &C::name, "The update rule"),
        field("learning_rate", &C::learning_rate, "Step size at the start")
            .more_than(0)
            .at_most(100),
        field("beta_1", &C::beta_1, "Adam: decay of the mean gradient")
            .at_least(0)
            .less_than(1),
        field("beta_2", &C::beta_2, "Adam: decay of the squared gradient")
            .at_least(0)
            .less_than(1),
        field("epsilon", &C::epsilon,
              "Adam: added to the denominator (Keras 1e-7, torch 1e-8)")
            .more_than(0)
            .at_most(1),
        field("variant", &C::variant,
              "Adam: where epsilon stands; keras: before the bias correction, "
              "torch: after it"),
        field("momentum", &C::momentum,
              "SGD: share of the last step that is kept")
            .at_least(0)
            .less_than(1),
        field("nesterov", &C::nesterov, "SGD: look-ahead momentum"),
        field("weight_decay", &C::weight_decay,
              "AdamW: decoupled decay; Adam, SGD: added to the gradient")
            .at_least(0),
        field("decay_vectors", &C::decay_vectors,
              "false: no weight decay on biases, normalisation weights and "
              "other parameters of one dimension, as timm does"));
  }
};

enum class ScheduleKind { kConstant, kCosine, kStep };
template <>
inline constexpr const char* kWords<ScheduleKind>[] = {"constant", "cosine",
                                                       "step"};

struct ScheduleConfig {
  ScheduleKind name = ScheduleKind::kConstant;
  int warmup_epochs = 0;
  double minimum = 0.0;
  int step_epochs = 10;
  double step_factor = 0.1;

  static constexpr auto fields() {
    using C = ScheduleConfig;
    return std::tuple(
        field("name", &C::name, "How the learning rate goes over the epochs"),
        field("warmup_epochs", &C::warmup_epochs,
              "Epochs over which it rises linearly to optimizer.learning_rate")
            .in(0, 100'000)
            .in_unit("epochs"),
        field("minimum", &C::minimum, "cosine: where it ends").at_least(0),
        field("step_epochs", &C::step_epochs, "step: epochs between two falls")
            .in(1, 100'000)
            .in_unit("epochs"),
        field("step_factor", &C::step_factor, "step: factor of each fall")
            .more_than(0)
            .less_than(1));
  }
};

}  // namespace fer
