// Exponential moving average of the weights.
#pragma once

#include "callbacks/callback.h"
#include "config/sections.h"

namespace fer {

/// After each step average = decay * average + (1 - decay) * weights, the first
/// step copies. With `evaluate`, averaged weights are validated and saved: they
/// take the weights' place from on_validation_begin until every on_epoch_end
/// (ModelCheckpoint's among them) is over, and from on_train_end on. Whatever
/// is saved meanwhile has the average in the place of the weights, and the
/// trained weights in the place of the average.
class Ema final : public Callback {
 public:
  explicit Ema(const EmaConfig& config) : config_(config) {}

  std::string name() const override { return "ema"; }
  void on_train_begin(TrainContext& context) override;
  void on_train_resume(TrainContext& context, int epoch) override;
  void on_step_end(TrainContext& context, const StepLogs& logs) override;
  void on_validation_begin(TrainContext& context) override;
  void on_epoch_close(TrainContext& context) override;
  void on_train_end(TrainContext& context) override;
  void on_exception(TrainContext& context) override;
  Json state() const override;
  void load_state(const Json& state) override;

 private:
  void put(TrainContext& context, bool average_in_place);

  EmaConfig config_;
  bool started_ = false;  ///< there is an average
  bool swapped_ = false;  ///< it stands in the place of the weights
};

}  // namespace fer
