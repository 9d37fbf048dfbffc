// Stops a run that no longer gets better.
#pragma once

#include "callbacks/callback.h"
#include "callbacks/monitor.h"
#include "config/sections.h"

namespace fer {

/// Keras 3's rules: each watched epoch adds one to `wait`; an improvement by
/// more than min_delta (absolute) over the best so far clears it, but only if
/// it also beats `baseline` where there is one; the run stops when wait >=
/// patience, never in the first epoch. The first start_from_epoch epochs are
/// not watched. With restore_best each improvement is saved as
/// "early_stopping", and the last of them is loaded when training ends, stopped
/// or not.
class EarlyStopping final : public Callback {
 public:
  explicit EarlyStopping(const EarlyStoppingConfig& config);

  std::string name() const override { return "early_stopping"; }
  void on_train_begin(TrainContext& context) override;
  void on_epoch_end(TrainContext& context, const EpochLogs& logs) override;
  void on_train_end(TrainContext& context) override;
  Json state() const override;
  void load_state(const Json& state) override;

 private:
  void take_as_best(TrainContext& context, int epoch, double value);

  EarlyStoppingConfig config_;
  Monitor monitor_;
  std::optional<double> best_;
  int best_epoch_ = 0;  ///< 0: none yet
  int wait_ = 0;        ///< watched epochs since the last improvement
};

}  // namespace fer
