#include "callbacks/early_stopping.h"

#include <fmt/core.h>

#include "callbacks/state.h"

namespace fer {

EarlyStopping::EarlyStopping(const EarlyStoppingConfig& config)
    : config_(config),
      monitor_(name(), config.monitor, config.mode, config.min_delta,
               config.allow_wrong_direction) {}

void EarlyStopping::on_train_begin(TrainContext&) {
  best_.reset();
  best_epoch_ = 0;
  wait_ = 0;
}

void EarlyStopping::on_epoch_end(TrainContext& context, const EpochLogs& logs) {
  if (logs.epoch <= config_.start_from_epoch) return;
  const double value = monitor_.value(logs);
  ++wait_;
  if (monitor_.improves(value, best_)) {
    take_as_best(context, logs.epoch, value);
    return;
  }
  if (wait_ >= config_.patience && logs.epoch > 1) {
    context.request_stop(fmt::format(
        "early_stopping: {} did not improve for {} epoch{} (best {:.5g} at "
        "epoch {})",
        monitor_.metric(), wait_, wait_ == 1 ? "" : "s", *best_, best_epoch_));
  }
}

void EarlyStopping::take_as_best(TrainContext& context, int epoch,
                                 double value) {
  best_ = value;
  best_epoch_ = epoch;
  if (config_.restore_best) {
    context.save_weights(name(), {{"epoch", epoch},
                                  {"monitor", monitor_.metric()},
                                  {"value", number_to_state(value)}});
  }
  if (!config_.baseline || monitor_.improves(value, config_.baseline))
    wait_ = 0;
}

void EarlyStopping::on_train_end(TrainContext& context) {
  if (!config_.restore_best || best_epoch_ == 0) return;
  context.say(fmt::format("early_stopping: back to the weights of epoch {}",
                          best_epoch_));
  context.load_weights(name());
}

Json EarlyStopping::state() const {
  return {{"best", number_to_state(best_)},
          {"best_epoch", best_epoch_},
          {"wait", wait_}};
}

void EarlyStopping::load_state(const Json& state) {
  const StateReader reader(name(), state);
  best_ = reader.number("best");
  best_epoch_ = reader.integer("best_epoch");
  wait_ = reader.integer("wait");
}

}  // namespace fer
