// Faults between the settings of optimizer, schedule and train.
#include <cmath>
#include <regex>

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

// std::regex works by recursion: a text without end must not reach it.
constexpr size_t kPatternBytes = 500;

std::string pattern_fault(const std::string& pattern) {
  if (pattern.empty()) return "it is empty";
  if (pattern.size() > kPatternBytes)
    return fmt::format("it has more than {} bytes", kPatternBytes);
  try {
    const std::regex compiled(pattern);
    return "";
  } catch (const std::regex_error& error) {
    return error.what();
  }
}

void check_fine_tune(const TrainConfig& train, SettingFaults& faults) {
  for (const auto& [pattern, epochs] : train.fine_tune.freeze) {
    const std::string key = "train.fine_tune.freeze." + pattern;
    if (const std::string fault = pattern_fault(pattern); !fault.empty()) {
      add_fault(faults, key,
                "is no regular expression: {}. Write one for names from their "
                "start, \"(?!head)\" for all but the head.",
                fault);
    }
    if (epochs != std::floor(epochs)) {
      add_fault(faults, key,
                "= {} is no whole number of epochs. Write {}, or 0 for all.",
                epochs, std::ceil(epochs));
    } else if (epochs >= train.epochs) {
      add_fault(faults, key,
                "= {} never ends: train.epochs = {}. Make it smaller, or "
                "write 0 for all of them.",
                epochs, train.epochs);
    }
  }
}

}  // namespace

void check_training(const Config& config, SettingFaults& faults) {
  check_optimizer(config.optimizer, faults);
  check_schedule(config, faults);
  check_fine_tune(config.train, faults);
}

}  // namespace fer
