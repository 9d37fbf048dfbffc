#include "train/autoencoding.h"

#include "core/error.h"
#include "models/initialise.h"

namespace fer {
namespace {

void refuse_accuracy(const char* callback, const std::string& monitor) {
  if (!monitor.ends_with("accuracy")) return;
  fail<ConfigError>(
      "[pretrain] expected callbacks that watch a loss, for there are no "
      "answers to count; got {} (callbacks.{}.monitor). Write val_loss.",
      monitor, callback);
}

template <class Callback>
void refuse_accuracy(const char* name, const std::optional<Callback>& asked) {
  if (asked) refuse_accuracy(name, asked->monitor);
}

// What would do nothing is refused: the experiment would not say what was run.
void refuse_labels(const Config& config) {
  refuse_accuracy("model_checkpoint", config.callbacks.model_checkpoint);
  refuse_accuracy("early_stopping", config.callbacks.early_stopping);
  refuse_accuracy("reduce_lr_on_plateau",
                  config.callbacks.reduce_lr_on_plateau);
  if (config.train.label_smoothing > 0) {
    fail<ConfigError>(
        "[pretrain] expected no label smoothing, for labels do not count; got "
        "{} (train.label_smoothing). Write 0.",
        config.train.label_smoothing);
  }
  if (config.train.class_weights != ClassWeights::kNone) {
    fail<ConfigError>(
        "[pretrain] expected no class weights, for labels do not count; got {} "
        "(train.class_weights). Write none.",
        word(config.train.class_weights));
  }
}

}  // namespace

torch::Tensor MaskedAutoencoding::answer(const Batch& batch) {
  return model_.draw(batch.images, batch.visible);
}

Objective::Verdict MaskedAutoencoding::judge(const torch::Tensor& answer,
                                             const Batch& batch) const {
  return {model_.loss(answer, batch.images, batch.visible), {}};
}

Objective::Verdict MaskedAutoencoding::score(const torch::Tensor& answer,
                                             const Batch& batch) const {
  return judge(answer, batch);
}

std::shared_ptr<MaskedAutoencoder> make_autoencoder(const Config& config,
                                                    const ModelShape& shape) {
  auto model =
      std::make_shared<MaskedAutoencoder>(config.model, shape, config.pretrain);
  initialise(*model, config.model.initialiser,
             static_cast<uint64_t>(config.experiment.seed));
  model->reset_positions();
  return model;
}

Task autoencoding_task(const Config& config, const ImageSet& images) {
  refuse_labels(config);
  auto model = make_autoencoder(config, shape_of(images));
  auto objective = std::make_unique<MaskedAutoencoding>(*model);
  Task task{.model = model,
            .objective = std::move(objective),
            .fine_tune = config.train.fine_tune,
            .patches = {model->patches(), model->visible()},
            .verb = "pretrain"};
  task.fine_tune.freeze["pos_embed"] = 0;
  return task;
}

}  // namespace fer
