#include "callbacks/reduce_lr_on_plateau.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "callbacks/state.h"

namespace fer {
namespace {

// The float32 nearest to `value`, as the double of its shortest decimal text:
// 5e-4 and not 0.0005000000237487257. Rounds to the same float32.
double as_float32(double value) {
  const std::string text = fmt::format("{}", static_cast<float>(value));
  double read = 0;
  std::from_chars(text.data(), text.data() + text.size(), read);
  return read;
}

}  // namespace

ReduceLrOnPlateau::ReduceLrOnPlateau(const ReduceLrOnPlateauConfig& config)
    : config_(config),
      monitor_(name(), config.monitor, config.mode, config.min_delta,
               config.allow_wrong_direction) {}

void ReduceLrOnPlateau::on_train_begin(TrainContext&) {
  best_.reset();
  wait_ = 0;
  cooldown_ = 0;
}

void ReduceLrOnPlateau::on_epoch_end(TrainContext& context,
                                     const EpochLogs& logs) {
  const double value = monitor_.value(logs);
  if (cooldown_ > 0) {
    --cooldown_;
    wait_ = 0;
  }
  if (monitor_.improves(value, best_)) {
    best_ = value;
    wait_ = 0;
  } else if (cooldown_ == 0) {
    ++wait_;
    if (wait_ >= config_.patience && reduce(context, logs.epoch)) {
      cooldown_ = config_.cooldown;
      wait_ = 0;
    }
  }
}

bool ReduceLrOnPlateau::reduce(TrainContext& context, int epoch) {
  const float old = static_cast<float>(context.learning_rate());
  if (!(old > static_cast<float>(config_.min_lr))) return false;
  const double lower =
      as_float32(std::max(old * config_.factor, config_.min_lr));
  context.set_learning_rate(lower);
  context.say(fmt::format(
      "Epoch {}: {} did not improve for {} epoch{}, "
      "learning rate {} -> {}",
      epoch, monitor_.metric(), wait_, wait_ == 1 ? "" : "s", old, lower));
  return true;
}

Json ReduceLrOnPlateau::state() const {
  return {{"best", number_to_state(best_)},
          {"wait", wait_},
          {"cooldown", cooldown_}};
}

void ReduceLrOnPlateau::load_state(const Json& state) {
  const StateReader reader(name(), state);
  best_ = reader.number("best");
  wait_ = reader.integer("wait");
  cooldown_ = reader.integer("cooldown");
}

}  // namespace fer
