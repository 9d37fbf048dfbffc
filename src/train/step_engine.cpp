#include "train/step_engine.h"

#include <ATen/ATen.h>

#include "models/fused.h"
#include "train/device.h"

namespace fer {
namespace {

torch::Tensor arranged(const torch::Tensor& images, bool channels_last) {
  return channels_last ? images.contiguous(at::MemoryFormat::ChannelsLast)
                       : images;
}

// Evaluation mode while it lives; then each layer has its own mode again
// (frozen batch normalisation stays in evaluation mode in training, too).
class EvaluationMode {
 public:
  explicit EvaluationMode(Model& model)
      : model_(model),
        trains_(model.is_training()),
        layers_(model.modules(/*include_self=*/false)) {
    for (const auto& layer : layers_)
      layer_trains_.push_back(layer->is_training());
    model.eval();
  }
  ~EvaluationMode() {
    model_.train(trains_);
    // train() speaks for the layers below, too; those come later in the list.
    for (size_t i = 0; i < layers_.size(); ++i) {
      if (layers_[i]->is_training() != layer_trains_[i])
        layers_[i]->train(layer_trains_[i]);
    }
  }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;

 private:
  Model& model_;
  bool trains_;
  std::vector<std::shared_ptr<torch::nn::Module>> layers_;
  std::vector<bool> layer_trains_;
};

}  // namespace

void RunningMetrics::add(const torch::Tensor& mean_loss,
                         const torch::Tensor& correct, int64_t n) {
  const torch::Tensor sum =
      mean_loss.detach().to(torch::kDouble) * static_cast<double>(n);
  loss_sum = samples == 0 ? sum : loss_sum + sum;
  correct_sum = samples == 0 ? correct : correct_sum + correct;
  samples += n;
}

double RunningMetrics::loss() const {
  return samples == 0 ? 0.0
                      : loss_sum.item<double>() / static_cast<double>(samples);
}

double RunningMetrics::accuracy() const {
  return samples == 0 ? 0.0
                      : static_cast<double>(correct_sum.item<int64_t>()) /
                            static_cast<double>(samples);
}

StepEngine::StepEngine(Model& model, Optimizer& optimizer, Loss loss,
                       const TrainConfig& config, torch::Device device)
    : model_(model),
      optimizer_(optimizer),
      loss_(std::move(loss)),
      config_(config),
      device_(device) {
  if (config.l2 == 0) return;
  for (const torch::Tensor& parameter : model.parameters()) {
    if (parameter.dim() >= 2) kernels_.push_back(parameter);
  }
}

// Undefined where there is nothing to penalise. Frozen kernels count for
// nothing, as in Keras.
torch::Tensor StepEngine::penalty() const {
  torch::Tensor sum;
  for (const torch::Tensor& kernel : kernels_) {
    if (!kernel.requires_grad()) continue;
    const torch::Tensor squares = kernel.square().sum();
    sum = sum.defined() ? sum + squares : squares;
  }
  return sum.defined() ? sum * config_.l2 : sum;
}

void StepEngine::train(const Batch& batch, bool last, RunningMetrics& metrics) {
  torch::Tensor loss, logits;
  {
    const Autocast autocast(device_, config_.precision);
    const FusedPasses fused(config_.fused && config_.channels_last);
    logits = model_.forward(arranged(batch.images, config_.channels_last));
  }
  loss = loss_(logits, batch.truth());
  if (const torch::Tensor l2 = penalty(); l2.defined()) loss = loss + l2;
  loss.backward();
  metrics.add(loss, count_correct(logits, batch.labels), batch.labels.size(0));
  if (++accumulated_ < config_.gradient_accumulation && !last) return;
  // Divided here, because the last group of an epoch may be smaller.
  if (accumulated_ > 1) optimizer_.scale_gradients(1.0 / accumulated_);
  accumulated_ = 0;
  if (config_.clip_norm > 0) optimizer_.clip_gradients(config_.clip_norm);
  optimizer_.step();
  optimizer_.zero_grad();
}

torch::Tensor StepEngine::predict(const torch::Tensor& images) {
  return predict_logits(model_, images, config_, device_);
}

torch::Tensor predict_logits(Model& model, const torch::Tensor& images,
                             const TrainConfig& config,
                             const torch::Device& device) {
  const torch::NoGradGuard guard;
  const EvaluationMode mode(model);
  const Autocast autocast(device, config.precision);
  return model.forward(arranged(images, config.channels_last))
      .to(torch::kFloat);
}

void place_model(Model& model, const torch::Device& device,
                 bool channels_last) {
  model.to(device);
  if (!channels_last) return;
  for (torch::Tensor& parameter : model.parameters()) {
    if (parameter.dim() == 4) {
      parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
    }
  }
}

}  // namespace fer
