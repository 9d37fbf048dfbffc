// One training step on one batch: forward, loss, backward, update.
#pragma once

#include <torch/types.h>

#include "config/sections.h"
#include "models/model.h"
#include "train/batches.h"
#include "train/loss.h"
#include "train/optimizer.h"

namespace fer {

/// Sums over the samples seen, kept on the device until they are read.
struct RunningMetrics {
  torch::Tensor loss_sum;     ///< float64
  torch::Tensor correct_sum;  ///< int64
  int64_t samples = 0;

  void add(const torch::Tensor& mean_loss, const torch::Tensor& correct,
           int64_t n);
  double loss() const;      ///< mean per sample; 0 without samples
  double accuracy() const;  ///< share of right answers
};

/// Steps as PyTorch's eager mode takes them, on any device.
class StepEngine {
 public:
  StepEngine(Model& model, Optimizer& optimizer, Loss loss,
             const TrainConfig& config, torch::Device device);

  /// A batch on the device; its soft labels, where there are some, are what the
  /// loss sees, its labels what the accuracy counts. The weights move every
  /// `gradient_accumulation` calls, or when `last` ends the epoch, by the mean
  /// gradient of the calls since the last move.
  void train(const Batch& batch, bool last, RunningMetrics& metrics);

  /// Logits in evaluation mode, without gradients.
  torch::Tensor predict(const torch::Tensor& images);

 private:
  torch::Tensor penalty() const;

  Model& model_;
  Optimizer& optimizer_;
  Loss loss_;
  TrainConfig config_;
  torch::Device device_;
  std::vector<torch::Tensor> kernels_;  ///< what L2 speaks of
  int accumulated_ = 0;
};

/// Forward pass for scoring: evaluation mode, no gradients, layout and
/// precision as trained. Each layer is left in the mode in which it was.
torch::Tensor predict_logits(Model& model, const torch::Tensor& images,
                             const TrainConfig& config,
                             const torch::Device& device);

/// Puts the model on a device, its 4-D weights in NHWC order if asked.
void place_model(Model& model, const torch::Device& device, bool channels_last);

}  // namespace fer
