#include "callbacks/learning_rate_schedule.h"

#include <cmath>
#include <numbers>

namespace fer {

double scheduled_learning_rate(const ScheduleConfig& config, double base,
                               int epochs, int epoch) {
  const int warmup = config.warmup_epochs;
  if (epoch <= warmup) return base * epoch / (warmup + 1);
  const int e = epoch - warmup - 1;
  switch (config.name) {
    case ScheduleKind::kConstant:
      return base;
    case ScheduleKind::kCosine:
      return config.minimum +
             (base - config.minimum) *
                 (1 + std::cos(std::numbers::pi * e / (epochs - warmup))) / 2;
    case ScheduleKind::kStep:
      return base * std::pow(config.step_factor, e / config.step_epochs);
  }
  return base;
}

LearningRateSchedule::LearningRateSchedule(const ScheduleConfig& config,
                                           double base, int epochs)
    : config_(config), base_(base), epochs_(epochs) {}

void LearningRateSchedule::on_epoch_begin(TrainContext& context, int epoch) {
  if (config_.name == ScheduleKind::kConstant &&
      epoch > config_.warmup_epochs + 1)
    return;
  context.set_learning_rate(
      scheduled_learning_rate(config_, base_, epochs_, epoch));
}

}  // namespace fer
