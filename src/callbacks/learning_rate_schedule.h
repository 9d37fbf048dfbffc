// The learning rate as a function of the epoch.
#pragma once

#include "callbacks/callback.h"
#include "config/sections.h"

namespace fer {

/// The rate of `epoch` (1 for the first) of `epochs`, with W = warmup_epochs
/// and e = epoch - W - 1:
///   warm-up   base * epoch / (W + 1) for epoch <= W: base is reached in the
///             first epoch after the warm-up
///   constant  base
///   cosine    minimum + (base - minimum) * (1 + cos(pi e / (epochs - W))) / 2
///             (Loshchilov and Hutter 2017, arXiv:1608.03983, one period), so
///             that `minimum` would be the rate after the last epoch
///   step      base * step_factor^floor(e / step_epochs)
double scheduled_learning_rate(const ScheduleConfig& config, double base,
                               int epochs, int epoch);

/// Sets the rate at the start of each epoch. `constant` sets it up to the first
/// epoch after the warm-up and then leaves it to ReduceLrOnPlateau. No state:
/// the epoch says it all.
class LearningRateSchedule final : public Callback {
 public:
  LearningRateSchedule(const ScheduleConfig& config, double base, int epochs);

  std::string name() const override { return "learning_rate_schedule"; }
  void on_epoch_begin(TrainContext& context, int epoch) override;

 private:
  ScheduleConfig config_;
  double base_;
  int epochs_;
};

}  // namespace fer
