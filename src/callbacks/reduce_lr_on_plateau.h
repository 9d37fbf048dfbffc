// Lowers the learning rate when the run no longer gets better.
#pragma once

#include "callbacks/callback.h"
#include "callbacks/monitor.h"
#include "config/sections.h"

namespace fer {

/// Keras 3's rules: when the value has not improved by more than min_delta
/// (absolute) for wait >= patience epochs, lr = max(lr * factor, min_lr), and
/// the next `cooldown` epochs are not counted. A rate that is at min_lr stays,
/// and `wait` goes on growing.
///
/// Keras keeps the rate in float32, and so do we: each fall is computed from
/// the rate's float32 and rounded to one. It is stored as the double with the
/// shortest decimal text that means this float32, so that half of 1e-3 reads
/// 5e-4. What Keras does at min_lr follows: 1e-3 * 0.1 is one float32 above
/// 1e-4, so with min_lr 1e-4 a second fall, by that one float32, comes later.
class ReduceLrOnPlateau final : public Callback {
 public:
  explicit ReduceLrOnPlateau(const ReduceLrOnPlateauConfig& config);

  std::string name() const override { return "reduce_lr_on_plateau"; }
  void on_train_begin(TrainContext& context) override;
  void on_epoch_end(TrainContext& context, const EpochLogs& logs) override;
  Json state() const override;
  void load_state(const Json& state) override;

 private:
  bool reduce(TrainContext& context, int epoch);

  ReduceLrOnPlateauConfig config_;
  Monitor monitor_;
  std::optional<double> best_;
  int wait_ = 0;
  int cooldown_ = 0;  ///< epochs left in which nothing is counted
};

}  // namespace fer
