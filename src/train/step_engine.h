// One training step on one batch: forward, loss, backward, update.
#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/sections.h"
#include "models/model.h"
#include "train/batches.h"
#include "train/graphed_step.h"
#include "train/objective.h"
#include "train/optimizer.h"
#include "train/running_metrics.h"

namespace fer {

/// Steps as PyTorch's eager mode takes them, on any device, or recorded once
/// and repeated on a GPU.
class StepEngine {
 public:
  StepEngine(Model& model, Optimizer& optimizer,
             std::unique_ptr<Objective> objective, const TrainConfig& config,
             torch::Device device);

  /// A batch on the device; its soft labels, where there are some, are what the
  /// loss sees, its labels what the accuracy counts. The weights move every
  /// `gradient_accumulation` calls, or when `last` ends the epoch, by the mean
  /// gradient of the calls since the last move.
  void train(const Batch& batch, bool last, RunningMetrics& metrics);

  /// The step on batch i of an epoch; where steps are recorded with their data,
  /// train.cuda_graph_steps of them at a time. How many steps were taken.
  int64_t train(Batches& batches, int64_t i, RunningMetrics& metrics);

  /// Adds a batch's score: evaluation mode, no gradients.
  void score(const Batch& batch, RunningMetrics& metrics);

  /// From now on the step is recorded and repeated where it can be, see
  /// GraphedStep; with its data where `batches` feed themselves (they must
  /// outlive this object), else with each batch given to train().
  void record_steps(GraphedStep::NewGraph new_graph,
                    const Batches* batches = nullptr);
  /// To be called when something was frozen or set free.
  void layers_changed();
  /// Why no step is recorded; empty while none was refused.
  std::string graph_refusal() const;

 private:
  void accumulate(const Batch& batch, RunningMetrics& metrics);
  void update();
  bool replay(const Batch& batch, RunningMetrics& metrics);
  int64_t train_fed(Batches& batches, int64_t i, RunningMetrics& metrics);
  torch::Tensor penalty() const;
  /// Why no step can be recorded, whatever it does; "" where one can.
  std::string never_recorded(const Batches* batches) const;

  Model& model_;
  Optimizer& optimizer_;
  std::unique_ptr<Objective> objective_;
  TrainConfig config_;
  torch::Device device_;
  std::vector<torch::Tensor> kernels_;  ///< what L2 speaks of
  int accumulated_ = 0;
  std::optional<GraphedStep> graphed_;
  bool fed_ = false;  // the recorded steps make their batches
  FixedBatch given_;  // else they read this one
  std::string refusal_;
};

/// Forward pass for scoring: evaluation mode, no gradients, layout and
/// precision as trained. Each layer is left in the mode in which it was.
torch::Tensor predict_logits(Model& model, const torch::Tensor& images,
                             const TrainConfig& config,
                             const torch::Device& device);

/// Puts the model on a device, its 4-D weights in NHWC order if asked.
void place_model(Model& model, const torch::Device& device, bool channels_last);

}  // namespace fer
