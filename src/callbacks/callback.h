// What happens around training: hooks that do nothing unless overridden. The
// order of events is in docs/events.md; CallbackList is itself a Callback.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace fer {

/// One row of history.csv. Means over the epoch as it ran (train), and after it
/// (val).
struct EpochLogs {
  int epoch = 0;  ///< 1 for the first
  double train_loss = 0;
  double train_accuracy = 0;
  double val_loss = 0;
  double val_accuracy = 0;
  double learning_rate = 0;  ///< used in this epoch
  double seconds = 0;
  double images_per_second = 0;  ///< training part only

  /// The column `name` of history.csv; nothing for an unknown name.
  std::optional<double> value(std::string_view name) const;
  /// Names of all columns, in the order of the file.
  static const std::vector<std::string>& columns();
};

/// The state inside an epoch; on a GPU loss and accuracy are read every 20
/// steps, and are those of the last reading in between. Steps that a GPU
/// replays together (train.cuda_graph_steps) end as one.
struct StepLogs {
  int step = 0;         ///< 1 for the first of the epoch
  int steps = 0;        ///< of the epoch
  double loss = 0;      ///< mean over the epoch so far
  double accuracy = 0;  ///< mean over the epoch so far
  /// Of the weights since the event before: 0 between those of
  /// train.gradient_accumulation, several where steps are replayed together.
  int moves = 1;
};

/// What a callback may ask of the trainer. Epochs count from 1.
class TrainContext {
 public:
  virtual ~TrainContext() = default;

  virtual const std::filesystem::path& run_dir() const = 0;
  virtual int epochs() const = 0;
  virtual int steps_per_epoch() const = 0;

  virtual double learning_rate() const = 0;
  virtual void set_learning_rate(double value) = 0;

  /// Weights (with EMA and what evaluation needs) to
  /// checkpoints/<name>.safetensors + .json.
  virtual void save_weights(const std::string& name, const Json& note) = 0;
  /// And back; DataError if there is none.
  virtual void load_weights(const std::string& name) = 0;

  /// average = decay * average + (1 - decay) * weights; the first call copies.
  virtual void update_average(double decay) = 0;
  /// Exchanges weights and average; a second call undoes it.
  virtual void swap_average() = 0;

  /// One line for the person: above the progress bar on a terminal, plain
  /// elsewhere.
  virtual void say(const std::string& line) = 0;

  /// Training ends after this epoch (or now, inside one). The first reason
  /// stays.
  void request_stop(std::string reason) {
    if (stop_reason_.empty()) stop_reason_ = std::move(reason);
  }
  bool stop_requested() const { return !stop_reason_.empty(); }
  const std::string& stop_reason() const { return stop_reason_; }

 private:
  std::string stop_reason_;
};

/// Base of all callbacks.
class Callback {
 public:
  virtual ~Callback() = default;

  /// Key of its state in a checkpoint: "early_stopping".
  virtual std::string name() const = 0;

  /// A fresh run: forgets everything, so that one object serves many runs. Not
  /// called on resume: there load_state() and on_train_resume() come instead.
  virtual void on_train_begin(TrainContext&) {}
  /// `epoch`: the last one that is complete.
  virtual void on_train_resume(TrainContext&, int /*epoch*/) {}
  virtual void on_epoch_begin(TrainContext&, int /*epoch*/) {}
  virtual void on_step_end(TrainContext&, const StepLogs&) {}
  virtual void on_validation_begin(TrainContext&) {}
  virtual void on_validation_end(TrainContext&) {}
  virtual void on_epoch_end(TrainContext&, const EpochLogs&) {}
  /// After on_epoch_end of every callback: undo what validation and saving
  /// needed (Ema puts the trained weights back). CallbackList calls it at the
  /// end of its own on_epoch_end; the trainer never does.
  virtual void on_epoch_close(TrainContext&) {}
  /// Also after a stop that was asked for; not after an exception.
  virtual void on_train_end(TrainContext&) {}
  /// Training is cut short by an error or Ctrl-C: close files, keep everything.
  virtual void on_exception(TrainContext&) {}

  /// Everything needed to go on as if never interrupted; finite numbers only
  /// (use strings or null for infinities).
  virtual Json state() const { return Json::object(); }
  virtual void load_state(const Json&) {}
};

}  // namespace fer
