// Stops a run whose loss is no longer a finite number.
#pragma once

#include "callbacks/callback.h"

namespace fer {

/// Asks for a stop inside the epoch when the mean training loss is NaN or
/// infinite, and at its end when a training or validation loss is (Keras looks
/// at the steps only).
class TerminateOnNan final : public Callback {
 public:
  std::string name() const override { return "terminate_on_nan"; }
  void on_epoch_begin(TrainContext&, int epoch) override { epoch_ = epoch; }
  void on_step_end(TrainContext& context, const StepLogs& logs) override;
  void on_epoch_end(TrainContext& context, const EpochLogs& logs) override;

 private:
  int epoch_ = 0;  ///< for the message only
};

}  // namespace fer
