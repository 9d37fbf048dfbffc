// Faults of callbacks that would watch the wrong thing or never act.
#include <algorithm>

#include "config/check.h"
#include "config/faults.h"
#include "config/metric_direction.h"
#include "core/text.h"

namespace fer {

namespace {

void check_monitor(const std::string& key, const std::string& monitor,
                   SettingFaults& faults) {
  static const std::vector<std::string> kOther = {
      "epoch", "learning_rate", "seconds", "images_per_second"};
  const std::string list = join(monitorable_metrics(), ", ");
  if (std::ranges::count(kOther, monitor) > 0) {
    add_fault(faults, key, "= {} says nothing of quality. Choose from {}.",
              monitor, list);
    return;
  }
  std::string hint = suggestion(monitor, monitorable_metrics());
  if (monitor == "loss") hint = "; did you mean train_loss?";
  if (monitor == "accuracy") hint = "; did you mean train_accuracy?";
  add_fault(faults, key, "= {} is a metric nobody produces{} There are {}.",
            in_quotes(monitor), hint.empty() ? "." : hint, list);
}

/// Whether `mode` may stand beside `monitor`; `effect`: what would happen.
template <class Callback>
void check_watch(const std::string& section, const Callback& callback,
                 const char* effect, SettingFaults& faults) {
  const auto own = metric_direction(callback.monitor);
  if (!own) {
    check_monitor(section + ".monitor", callback.monitor, faults);
    return;
  }
  if (callback.mode == Direction::kFromMetric || callback.mode == *own ||
      callback.allow_wrong_direction) {
    return;
  }
  add_fault(faults, section + ".mode",
            "= {} on {}: {} is better when {}, so this {}. Write mode: {} or "
            "auto, or allow_wrong_direction: true to reproduce the report's "
            "bug.",
            word(callback.mode), callback.monitor, callback.monitor,
            *own == Direction::kMax ? "higher" : "lower", effect, word(*own));
}

void check_plateau(const Config& config, SettingFaults& faults) {
  const std::string section = "callbacks.reduce_lr_on_plateau";
  const ReduceLrOnPlateauConfig& plateau =
      *config.callbacks.reduce_lr_on_plateau;
  const double rate = config.optimizer.learning_rate;
  check_watch(section, plateau,
              "lowers the learning rate while the model still improves",
              faults);
  if (plateau.min_lr >= rate) {
    add_fault(faults, section + ".min_lr",
              "= {} is not below optimizer.learning_rate = {}: the plateau "
              "could never lower it. Set min_lr below {}, or write "
              "reduce_lr_on_plateau: null.",
              plateau.min_lr, rate, rate);
  }
  if (plateau.patience >= config.train.epochs) {
    add_fault(faults, section + ".patience",
              "= {} can never be used up: train.epochs = {}. Set it below, or "
              "write reduce_lr_on_plateau: null.",
              plateau.patience, config.train.epochs);
  }
}

void check_early_stopping(const Config& config, SettingFaults& faults) {
  const std::string section = "callbacks.early_stopping";
  const EarlyStoppingConfig& stopping = *config.callbacks.early_stopping;
  check_watch(section, stopping,
              "stops while the model still improves, and its best epoch is the "
              "WORST",
              faults);
  if (stopping.patience + stopping.start_from_epoch >= config.train.epochs) {
    add_fault(faults, section + ".patience",
              "= {} (after start_from_epoch = {}) can never be used up: "
              "train.epochs = {}. Set it below, or write early_stopping: null.",
              stopping.patience, stopping.start_from_epoch,
              config.train.epochs);
  }
  const auto& plateau = config.callbacks.reduce_lr_on_plateau;
  // Early stopping ends the run at wait >= patience, as Keras does: with equal
  // patience the rate falls in the very epoch that is the last.
  if (plateau && plateau->monitor == stopping.monitor &&
      stopping.patience + stopping.start_from_epoch <= plateau->patience) {
    add_fault(faults, section + ".patience",
              "= {} stops the run before "
              "callbacks.reduce_lr_on_plateau.patience = {} could lower the "
              "learning rate (both watch {}). Make it the larger one.",
              stopping.patience, plateau->patience, stopping.monitor);
  }
}

}  // namespace

void check_callbacks(const Config& config, SettingFaults& faults) {
  const CallbacksConfig& callbacks = config.callbacks;
  if (callbacks.model_checkpoint) {
    check_watch("callbacks.model_checkpoint", *callbacks.model_checkpoint,
                "keeps the WORST epoch", faults);
  }
  if (callbacks.early_stopping) check_early_stopping(config, faults);
  if (callbacks.reduce_lr_on_plateau) check_plateau(config, faults);
}

}  // namespace fer
