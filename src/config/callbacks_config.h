// What happens between epochs.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "config/field.h"

namespace fer {

enum class Direction { kFromMetric, kMin, kMax };
template <>
inline constexpr const char* kWords<Direction>[] = {"auto", "min", "max"};

struct ModelCheckpointConfig {
  std::string monitor = "val_loss";
  Direction mode = Direction::kFromMetric;
  bool save_best_only = true;
  bool allow_wrong_direction = false;

  static constexpr auto fields() {
    using C = ModelCheckpointConfig;
    return std::tuple(
        field("monitor", &C::monitor,
              "Column of history.csv that says which epoch is best"),
        field("mode", &C::mode, "Which way is better; auto: the metric's own"),
        field("save_best_only", &C::save_best_only,
              "Keep the best epoch only; otherwise every epoch is kept too"),
        field("allow_wrong_direction", &C::allow_wrong_direction,
              "Let mode contradict the metric, as the report's code did (keeps "
              "the worst epoch)"));
  }
};

struct EarlyStoppingConfig {
  std::string monitor = "val_loss";
  Direction mode = Direction::kFromMetric;
  double min_delta = 0.0;
  int patience = 0;
  bool restore_best = false;
  std::optional<double> baseline;
  int start_from_epoch = 0;
  bool allow_wrong_direction = false;

  static constexpr auto fields() {
    using C = EarlyStoppingConfig;
    return std::tuple(
        field("monitor", &C::monitor, "Column of history.csv to watch"),
        field("mode", &C::mode, "Which way is better; auto: the metric's own"),
        field("min_delta", &C::min_delta,
              "Smallest change that counts, in the metric's unit")
            .at_least(0),
        field("patience", &C::patience,
              "Epochs without improvement before the stop")
            .in(0, 100'000)
            .in_unit("epochs"),
        field("restore_best", &C::restore_best,
              "Go back to the best epoch's weights at the end"),
        field("baseline", &C::baseline,
              "Value that must be beaten; null: none"),
        field("start_from_epoch", &C::start_from_epoch,
              "Epochs before watching begins")
            .in(0, 100'000)
            .in_unit("epochs"),
        field("allow_wrong_direction", &C::allow_wrong_direction,
              "Let mode contradict the metric"));
  }
};

struct ReduceLrOnPlateauConfig {
  std::string monitor = "val_loss";
  Direction mode = Direction::kFromMetric;
  double factor = 0.1;
  int patience = 10;
  double min_delta = 1e-4;
  int cooldown = 0;
  double min_lr = 0.0;
  bool allow_wrong_direction = false;

  static constexpr auto fields() {
    using C = ReduceLrOnPlateauConfig;
    return std::tuple(
        field("monitor", &C::monitor, "Column of history.csv to watch"),
        field("mode", &C::mode, "Which way is better; auto: the metric's own"),
        field("factor", &C::factor, "The learning rate is multiplied by this")
            .more_than(0)
            .less_than(1),
        field("patience", &C::patience,
              "Epochs without improvement before the fall")
            .in(0, 100'000)
            .in_unit("epochs"),
        field("min_delta", &C::min_delta,
              "Smallest change that counts, in the metric's unit")
            .at_least(0),
        field("cooldown", &C::cooldown,
              "Epochs after a fall in which nothing is counted")
            .in(0, 100'000)
            .in_unit("epochs"),
        field("min_lr", &C::min_lr, "The learning rate never goes below this")
            .at_least(0),
        field("allow_wrong_direction", &C::allow_wrong_direction,
              "Let mode contradict the metric"));
  }
};

struct EmaConfig {
  double decay = 0.999;
  bool evaluate = true;

  static constexpr auto fields() {
    using C = EmaConfig;
    return std::tuple(field("decay", &C::decay,
                            "Share of the average that is kept at each step")
                          .more_than(0)
                          .less_than(1),
                      field("evaluate", &C::evaluate,
                            "Validate and save the averaged weights"));
  }
};

struct TensorBoardConfig {
  static constexpr auto fields() { return std::tuple(); }
};

struct CallbacksConfig {
  std::optional<ModelCheckpointConfig> model_checkpoint =
      ModelCheckpointConfig{};
  std::optional<EarlyStoppingConfig> early_stopping;
  std::optional<ReduceLrOnPlateauConfig> reduce_lr_on_plateau;
  std::optional<EmaConfig> ema;
  std::optional<TensorBoardConfig> tensorboard = TensorBoardConfig{};
  bool terminate_on_nan = true;

  static constexpr auto fields() {
    using C = CallbacksConfig;
    return std::tuple(
        field("model_checkpoint", &C::model_checkpoint,
              "Keeps the best epoch's weights; null: off"),
        field("early_stopping", &C::early_stopping,
              "Stops when the monitored value no longer improves (Keras's "
              "rules)"),
        field("reduce_lr_on_plateau", &C::reduce_lr_on_plateau,
              "Lowers the learning rate when the value no longer improves "
              "(Keras's rules)"),
        field("ema", &C::ema, "Exponential moving average of the weights"),
        field("tensorboard", &C::tensorboard,
              "Event file for TensorBoard; null: off"),
        field("terminate_on_nan", &C::terminate_on_nan,
              "Stop as soon as the loss is not a number"));
  }
};

}  // namespace fer
