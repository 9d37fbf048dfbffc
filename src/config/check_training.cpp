// Faults between the settings of optimizer, schedule and train.
#include "config/check.h"

namespace fer {

namespace {

void check_optimizer(const OptimizerConfig& optimizer, SettingFaults& faults) {
  const bool sgd = optimizer.name == OptimizerKind::kSgd;
  if (!sgd && optimizer.momentum > 0) {
    add_fault(faults, "optimizer.momentum",
              "= {} is for sgd, but optimizer.name = {} (its momentum is "
              "beta_1). Write 0.",
              optimizer.momentum, word(optimizer.name));
  }
  if (!sgd && optimizer.nesterov) {
    add_fault(faults, "optimizer.nesterov",
              "= true is for sgd, but optimizer.name = {}. Write false.",
              word(optimizer.name));
  }
  if (sgd && optimizer.nesterov && optimizer.momentum == 0) {
    add_fault(faults, "optimizer.nesterov",
              "= true needs optimizer.momentum above 0. Set momentum, 0.9 for "
              "example.");
  }
}

void check_schedule(const Config& config, SettingFaults& faults) {
  const ScheduleConfig& schedule = config.schedule;
  const double rate = config.optimizer.learning_rate;
  if (schedule.name == ScheduleKind::kCosine && schedule.minimum > rate) {
    add_fault(faults, "schedule.minimum",
              "= {} is above optimizer.learning_rate = {}: the cosine would "
              "rise. Set it below.",
              schedule.minimum, rate);
  }
  if (schedule.warmup_epochs >= config.train.epochs) {
    add_fault(faults, "schedule.warmup_epochs",
              "= {} never ends: train.epochs = {}. Make it smaller.",
              schedule.warmup_epochs, config.train.epochs);
  }
  if (schedule.name != ScheduleKind::kConstant &&
      config.callbacks.reduce_lr_on_plateau) {
    add_fault(faults, "schedule.name",
              "= {} would overwrite what callbacks.reduce_lr_on_plateau sets. "
              "Write constant, or reduce_lr_on_plateau: null.",
              word(schedule.name));
  }
}

}  // namespace

void check_training(const Config& config, SettingFaults& faults) {
  check_optimizer(config.optimizer, faults);
  check_schedule(config, faults);
}

}  // namespace fer
