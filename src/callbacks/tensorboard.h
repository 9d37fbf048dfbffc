// Curves for TensorBoard.
#pragma once

#include "callbacks/callback.h"

namespace fer {

/// Appends train/loss, train/accuracy, val/loss, val/accuracy and
/// learning_rate after each epoch (step = epoch) to
/// <run>/events.out.tfevents.<seconds>.<host>. A resumed run goes on in the
/// same file: what was written after the checkpoint's epoch is cut off.
class TensorBoard final : public Callback {
 public:
  std::string name() const override { return "tensorboard"; }
  void on_train_begin(TrainContext& context) override;
  /// DataError when the file is gone or shorter than it was.
  void on_train_resume(TrainContext& context, int epoch) override;
  void on_epoch_end(TrainContext& context, const EpochLogs& logs) override;
  Json state() const override;
  void load_state(const Json& state) override;

 private:
  void append(TrainContext& context, const std::string& event);

  std::string file_;      ///< name inside the run folder
  uintmax_t offset_ = 0;  ///< its length in bytes
};

}  // namespace fer
