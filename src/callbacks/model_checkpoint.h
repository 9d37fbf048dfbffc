// Keeps the weights of the best epoch.
#pragma once

#include "callbacks/callback.h"
#include "callbacks/monitor.h"
#include "config/sections.h"

namespace fer {

/// Saves the weights as "best" when the monitored value improves, with a note
/// {epoch, monitor, value}; without save_best_only also each epoch as
/// "epoch-0007". Unlike Keras, NaN never becomes the best: Keras takes a NaN of
/// the first epoch, and then nothing is better.
class ModelCheckpoint final : public Callback {
 public:
  explicit ModelCheckpoint(const ModelCheckpointConfig& config);

  std::string name() const override { return "model_checkpoint"; }
  void on_train_begin(TrainContext& context) override;
  void on_epoch_end(TrainContext& context, const EpochLogs& logs) override;
  Json state() const override;
  void load_state(const Json& state) override;

 private:
  void save_if_best(TrainContext& context, int epoch, double value);

  bool save_best_only_;
  Monitor monitor_;
  std::optional<double> best_;
  int best_epoch_ = 0;
};

}  // namespace fer
