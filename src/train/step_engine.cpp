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

Batch arranged(Batch batch, bool channels_last) {
  batch.images = arranged(batch.images, channels_last);
  return batch;
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

StepEngine::StepEngine(Model& model, Optimizer& optimizer,
                       std::unique_ptr<Objective> objective,
                       const TrainConfig& config, torch::Device device)
    : model_(model),
      optimizer_(optimizer),
      objective_(std::move(objective)),
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
  if (graphed_ && graphed_->replay(batch, metrics)) {
    optimizer_.count_step();
    return;
  }
  accumulate(batch, metrics);
  if (++accumulated_ < config_.gradient_accumulation && !last) return;
  // Divided here, because the last group of an epoch may be smaller.
  if (accumulated_ > 1) optimizer_.scale_gradients(1.0 / accumulated_);
  accumulated_ = 0;
  optimizer_.count_step();
  update();
}

// Forward, loss, backward.
void StepEngine::accumulate(const Batch& batch, RunningMetrics& metrics) {
  torch::Tensor answer;
  {
    const Autocast autocast(device_, config_.precision);
    const bool own = config_.fused && config_.channels_last;
    const FusedPasses passes(
        {.fused = own, .winograd = own && config_.winograd});
    answer = objective_->answer(arranged(batch, config_.channels_last));
  }
  auto [loss, correct] = objective_->judge(answer, batch);
  if (const torch::Tensor l2 = penalty(); l2.defined()) loss = loss + l2;
  loss.backward();
  metrics.add(loss, correct, batch.labels.size(0));
}

void StepEngine::update() {
  if (config_.clip_norm > 0) optimizer_.clip_gradients(config_.clip_norm);
  optimizer_.update();
  optimizer_.zero_grad();
}

void StepEngine::record_steps(GraphedStep::NewGraph new_graph) {
  if (config_.gradient_accumulation > 1 || !objective_->recordable()) return;
  const auto step = [this](const Batch& batch, RunningMetrics& metrics) {
    accumulate(batch, metrics);
    update();
  };
  graphed_.emplace(step, std::move(new_graph));
}

void StepEngine::layers_changed() {
  if (graphed_) graphed_->forget();
}

std::string StepEngine::graph_refusal() const {
  return graphed_ ? graphed_->refusal() : "";
}

void StepEngine::score(const Batch& batch, RunningMetrics& metrics) {
  const torch::NoGradGuard guard;
  const EvaluationMode mode(model_);
  torch::Tensor answer;
  {
    const Autocast autocast(device_, config_.precision);
    answer = objective_->answer(arranged(batch, config_.channels_last));
  }
  const auto [loss, correct] =
      objective_->score(answer.to(torch::kFloat), batch);
  metrics.add(loss, correct, batch.labels.size(0));
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
