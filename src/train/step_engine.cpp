#include "train/step_engine.h"

#include <ATen/ATen.h>

#include "core/error.h"
#include "models/fused.h"
#include "train/device.h"

namespace fer {
namespace {

torch::Tensor arranged(const torch::Tensor& images, bool channels_last) {
  return channels_last ? in_channels_last(images) : images;
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

// What `answer` gives in evaluation mode, without gradients, in the precision
// of training; as float.
template <class Answer>
torch::Tensor in_evaluation(Model& model, const TrainConfig& config,
                            const torch::Device& device, const Answer& answer) {
  const torch::NoGradGuard guard;
  const EvaluationMode mode(model);
  const Autocast autocast(device, config.precision);
  return answer().to(torch::kFloat);
}

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
  if (replay(batch, metrics)) return;
  accumulate(batch, metrics);
  if (++accumulated_ < config_.gradient_accumulation && !last) return;
  // Divided here, because the last group of an epoch may be smaller.
  if (accumulated_ > 1) optimizer_.scale_gradients(1.0 / accumulated_);
  accumulated_ = 0;
  optimizer_.count_step();
  update();
}

int64_t StepEngine::train(Batches& batches, int64_t i,
                          RunningMetrics& metrics) {
  if (graphed_ && fed_ && i + config_.cuda_graph_steps <= batches.full())
    return train_fed(batches, i, metrics);
  train(batches.get(i), i + 1 == batches.count(), metrics);
  return 1;
}

// As training will go on: warm-up steps take their batches from next(), too.
int64_t StepEngine::train_fed(Batches& batches, int64_t i,
                              RunningMetrics& metrics) {
  if (!graphed_->ready()) {
    batches.seek(i, 1);
    train(batches.next(), i + 1 == batches.count(), metrics);
    return 1;
  }
  const int64_t steps = config_.cuda_graph_steps;
  batches.seek(i, steps);
  graphed_->replay(steps * batches.batch_size(), metrics);
  for (int64_t step = 0; step < steps; ++step) optimizer_.count_step();
  return steps;
}

bool StepEngine::replay(const Batch& batch, RunningMetrics& metrics) {
  if (!graphed_ || fed_ || !given_.fits(batch) || !graphed_->ready())
    return false;
  given_.put(batch);
  graphed_->replay(batch.labels.size(0), metrics);
  optimizer_.count_step();
  return true;
}

// Forward, loss, backward.
void StepEngine::accumulate(const Batch& batch, RunningMetrics& metrics) {
  torch::Tensor answer;
  {
    const Autocast autocast(device_, config_.precision);
    const bool own = config_.fused && config_.channels_last;
    const FusedPasses passes({.fused = own,
                              .winograd = own && config_.winograd,
                              .cuda_fused = config_.cuda_fused});
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

std::string StepEngine::never_recorded(const Batches* batches) const {
  if (config_.gradient_accumulation > 1)
    return "train.gradient_accumulation is above 1";
  if (!objective_->recordable()) return "this kind of training is not recorded";
  if (fed_ && config_.cuda_graph_steps > batches->full()) {
    return fmt::format(
        "an epoch has {} whole batches, fewer than train.cuda_graph_steps: {}",
        batches->full(), config_.cuda_graph_steps);
  }
  return "";
}

void StepEngine::record_steps(GraphedStep::NewGraph new_graph,
                              const Batches* batches) {
  fed_ = batches && batches->feeds_itself();
  refusal_ = never_recorded(batches);
  if (!refusal_.empty()) return;
  const auto step = [this](const Batch& batch, RunningMetrics& metrics) {
    try {
      accumulate(batch, metrics);
      update();
    } catch (...) {
      // What was recorded and given up was never computed: the next backward
      // pass would add to it.
      optimizer_.zero_grad();
      throw;
    }
  };
  GraphedStep::Work work = [this, step](RunningMetrics& metrics) {
    step(given_.get(), metrics);
  };
  if (fed_) {
    work = [this, step, batches](RunningMetrics& metrics) {
      for (int i = 0; i < config_.cuda_graph_steps; ++i)
        step(batches->next(), metrics);
    };
  }
  graphed_.emplace(work, device_, std::move(new_graph));
}

void StepEngine::layers_changed() {
  if (graphed_) graphed_->forget();
}

std::string StepEngine::graph_refusal() const {
  return graphed_ ? graphed_->refusal() : refusal_;
}

void StepEngine::score(const Batch& batch, RunningMetrics& metrics) {
  const torch::Tensor answer = in_evaluation(model_, config_, device_, [&] {
    return objective_->answer(arranged(batch, config_.channels_last));
  });
  const auto [loss, correct] = objective_->score(answer, batch);
  metrics.add(loss, correct, batch.labels.size(0));
}

torch::Tensor predict_logits(Model& model, const torch::Tensor& images,
                             const TrainConfig& config,
                             const torch::Device& device) {
  return in_evaluation(model, config, device, [&] {
    return model.forward(arranged(images, config.channels_last));
  });
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
