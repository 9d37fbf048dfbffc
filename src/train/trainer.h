// The training loop. It knows models, batches and CallbackList, nothing of what
// the callbacks do.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "callbacks/callback_list.h"
#include "config/sections.h"
#include "data/image_set.h"
#include "data/split.h"
#include "models/weights.h"
#include "train/batches.h"
#include "train/checkpoint.h"
#include "train/fine_tune.h"
#include "train/step_engine.h"
#include "train/task.h"

namespace fer {

/// How a training ended.
struct TrainResult {
  int epochs = 0;           ///< complete ones
  std::string stop_reason;  ///< empty: all epochs ran
  double seconds = 0;       ///< this process only
};

class Trainer final : private TrainContext {
 public:
  /// The task of `ferbench run`, or another one.
  Trainer(const Config& config, const ImageSet& images, const Split& split,
          std::filesystem::path run_dir, bool quiet);
  Trainer(Task task, const Config& config, const ImageSet& images,
          const Split& split, std::filesystem::path run_dir, bool quiet);

  /// From the first epoch, or with `resume` from checkpoints/last where there
  /// is one. Throws Interrupted after Ctrl-C (SIGINT, SIGTERM), the last
  /// complete epoch being saved.
  TrainResult train(bool resume);

  /// One step on one batch, and one batch scored; writes nothing. A line for
  /// the person.
  std::string rehearse();

  /// One step on batch `i` of the first epoch (modulo its number of batches),
  /// or all that are replayed together from there on, as training takes them
  /// but without callbacks; writes nothing. How many steps. For measuring.
  int64_t practise(int64_t i, RunningMetrics& metrics);
  Model& model() { return *model_; }
  const torch::Device& device() const { return device_; }

 private:
  const std::filesystem::path& run_dir() const override { return run_dir_; }
  int epochs() const override { return config_.train.epochs; }
  int steps_per_epoch() const override {
    return static_cast<int>(train_.count());
  }
  double learning_rate() const override { return optimizer_.learning_rate(); }
  void set_learning_rate(double value) override {
    optimizer_.set_learning_rate(value);
  }
  void save_weights(const std::string& name, const Json& note) override;
  void load_weights(const std::string& name) override;
  void update_average(double decay) override;
  void swap_average() override;
  void say(const std::string& line) override;

  void begin_first_epoch();
  int start(bool resume);
  bool is_saved() const;
  void report_weights();
  void report_refusal();
  bool run_epochs(int first);
  void add_average(TensorFile& file) const;
  void load_average(const TensorFile& file);
  bool run_steps(int epoch, RunningMetrics& metrics);
  RunningMetrics validate();
  void save_last();
  int load_last();

  Config config_;
  std::filesystem::path run_dir_;
  bool quiet_;
  torch::Device device_;
  Task task_;
  ModelPtr model_;
  FineTune fine_tune_;
  Optimizer optimizer_;
  std::shared_ptr<const DeviceImages> resident_;
  Batches train_, val_;
  StepEngine engine_;
  CheckpointStore store_;
  CallbackList callbacks_;
  NamedTensors average_;
  std::optional<WeightsReport> started_from_;
  int epoch_ = 0;  ///< complete epochs
  bool refusal_said_ = false;
};

}  // namespace fer
