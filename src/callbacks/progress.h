// What a person sees while training: Keras's look.
#pragma once

#include <cstdio>
#include <functional>

#include "callbacks/callback.h"

namespace fer {

struct ProgressOptions {
  std::FILE* out = stderr;
  bool terminal = false;
  int columns = 80;  ///< of the terminal; longer redrawn lines lose their bar
  std::function<double()> clock;  ///< seconds; empty: the steady clock
};

/// On a terminal "Epoch 3/50", then a line that is redrawn at most ten times a
/// second and when the last step is done:
///   225/225 ━━━━━━━━━━━━━━━━━━━━ 12s 54ms/step - accuracy: .. - loss: .. ...
/// (inside the epoch the time left, at its end the time it took). Elsewhere one
/// clean line at the end of each epoch.
class Progress final : public Callback {
 public:
  Progress();  ///< stderr as it is
  explicit Progress(ProgressOptions options);

  std::string name() const override { return "progress"; }
  void on_train_begin(TrainContext& context) override;
  void on_epoch_begin(TrainContext& context, int epoch) override;
  void on_step_end(TrainContext& context, const StepLogs& logs) override;
  void on_epoch_end(TrainContext& context, const EpochLogs& logs) override;
  void on_train_end(TrainContext& context) override;
  void on_exception(TrainContext& context) override;

 private:
  void draw(const StepLogs& logs);
  double seconds_per_step() const;
  void close_line();

  ProgressOptions options_;
  int step_ = 0;            ///< last one of the epoch
  double begin_ = 0;        ///< of the epoch
  int first_ = 0;           ///< first one that ended: slow
  double first_step_ = 0;   ///< when
  double last_step_ = 0;    ///< end of the last step
  double drawn_ = 0;        ///< last redraw
  bool open_line_ = false;  ///< the cursor stands behind a drawn line
};

}  // namespace fer
