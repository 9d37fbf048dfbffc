// From a trained model and a split to the table of predictions.
#pragma once

#include <torch/types.h>

#include "config/sections.h"
#include "data/image_set.h"
#include "metrics/predictions.h"
#include "models/model.h"

namespace fer {

/// Scores images[rows] in evaluation mode, without augmentation. For two
/// classes label 1 is predicted from probability evaluate.threshold on; else
/// the most probable class.
Predictions predict(Model& model, const ImageSet& images,
                    const std::vector<int64_t>& rows, const Config& config,
                    const torch::Device& device);

}  // namespace fer
