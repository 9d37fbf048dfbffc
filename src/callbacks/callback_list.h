// All callbacks of a run, called in order; the trainer knows only this.
#pragma once

#include <memory>
#include <vector>

#include "callbacks/callback.h"
#include "config/sections.h"

namespace fer {

class CallbackList final : public Callback {
 public:
  /// Error for a second callback of one name.
  void add(std::unique_ptr<Callback> callback);
  size_t size() const { return callbacks_.size(); }

  std::string name() const override { return "callbacks"; }
  void on_train_begin(TrainContext& context) override;
  void on_train_resume(TrainContext& context, int epoch) override;
  void on_epoch_begin(TrainContext& context, int epoch) override;
  void on_step_end(TrainContext& context, const StepLogs& logs) override;
  void on_validation_begin(TrainContext& context) override;
  void on_validation_end(TrainContext& context) override;
  void on_epoch_end(TrainContext& context, const EpochLogs& logs) override;
  void on_train_end(TrainContext& context) override;
  void on_exception(TrainContext& context) override;
  /// {name: state} of the callbacks that have one, so that a run may be resumed
  /// with or without progress.
  Json state() const override;
  /// DataError for a missing name; names without a callback are passed over.
  void load_state(const Json& state) override;

 private:
  std::vector<std::unique_ptr<Callback>> callbacks_;
};

/// The callbacks of an experiment in their documented order (docs/events.md):
/// terminate_on_nan, ema, learning-rate schedule, model_checkpoint,
/// reduce_lr_on_plateau, early_stopping, history, tensorboard, progress.
/// `quiet`: no progress.
CallbackList make_callbacks(const Config& config, bool quiet);

}  // namespace fer
