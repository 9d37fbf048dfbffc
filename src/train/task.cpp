#include "train/task.h"

#include "models/registry.h"

namespace fer {
namespace {

Loss make_loss(const TrainConfig& config, const ImageSet& images,
               const Split& split) {
  std::vector<double> weights;
  if (config.class_weights == ClassWeights::kBalanced) {
    std::vector<int64_t> labels;
    for (const int64_t row : split.train)
      labels.push_back(images.labels[static_cast<size_t>(row)]);
    weights = balanced_weights(labels, images.class_names.size());
  }
  return {config.label_smoothing, std::move(weights)};
}

}  // namespace

ModelShape shape_of(const ImageSet& images) {
  return {static_cast<int64_t>(images.channels),
          static_cast<int64_t>(images.height),
          static_cast<int64_t>(images.class_names.size())};
}

Task classification_task(const Config& config, const ImageSet& images,
                         const Split& split) {
  ModelPtr model = make_model(config.model, shape_of(images),
                              static_cast<uint64_t>(config.experiment.seed));
  auto objective = std::make_unique<Classification>(
      *model, make_loss(config.train, images, split));
  return {.model = std::move(model),
          .objective = std::move(objective),
          .fine_tune = config.train.fine_tune};
}

}  // namespace fer
