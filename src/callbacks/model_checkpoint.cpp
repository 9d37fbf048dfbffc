#include "callbacks/model_checkpoint.h"

#include <fmt/core.h>

#include <cmath>

#include "callbacks/state.h"

namespace fer {
namespace {

std::string as_text(std::optional<double> best) {
  return best ? fmt::format("{:.5f}", *best) : "None";  // Keras's words
}

}  // namespace

ModelCheckpoint::ModelCheckpoint(const ModelCheckpointConfig& config)
    : save_best_only_(config.save_best_only),
      monitor_(name(), config.monitor, config.mode, 0.0,
               config.allow_wrong_direction) {}

void ModelCheckpoint::on_train_begin(TrainContext&) {
  best_.reset();
  best_epoch_ = 0;
}

void ModelCheckpoint::on_epoch_end(TrainContext& context,
                                   const EpochLogs& logs) {
  const double value = monitor_.value(logs);
  if (!save_best_only_) {
    const std::string file = fmt::format("epoch-{:04}", logs.epoch);
    context.say(
        fmt::format("Epoch {}: saving checkpoints/{}", logs.epoch, file));
    context.save_weights(file, {{"epoch", logs.epoch},
                                {"monitor", monitor_.metric()},
                                {"value", number_to_state(value)}});
  }
  save_if_best(context, logs.epoch, value);
}

void ModelCheckpoint::save_if_best(TrainContext& context, int epoch,
                                   double value) {
  const std::string& metric = monitor_.metric();
  if (std::isnan(value)) {
    context.say(fmt::format("Epoch {}: {} is NaN, the best stays {}", epoch,
                            metric, as_text(best_)));
    return;
  }
  if (!monitor_.improves(value, best_)) {
    context.say(fmt::format("Epoch {}: {} did not improve from {}", epoch,
                            metric, as_text(best_)));
    return;
  }
  context.say(fmt::format(
      "Epoch {}: {} improved from {} to {}, saving checkpoints/best", epoch,
      metric, as_text(best_), as_text(value)));
  context.save_weights("best", {{"epoch", epoch},
                                {"monitor", metric},
                                {"value", number_to_state(value)}});
  best_ = value;
  best_epoch_ = epoch;
}

Json ModelCheckpoint::state() const {
  return {{"best", number_to_state(best_)}, {"best_epoch", best_epoch_}};
}

void ModelCheckpoint::load_state(const Json& state) {
  const StateReader reader(name(), state);
  best_ = reader.number("best");
  best_epoch_ = reader.integer("best_epoch");
}

}  // namespace fer
