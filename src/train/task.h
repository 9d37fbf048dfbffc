// What a run trains and for what, put together from its settings.
#pragma once

#include <memory>
#include <string>

#include "config/sections.h"
#include "data/image_set.h"
#include "data/patch_mask.h"
#include "data/split.h"
#include "train/objective.h"

namespace fer {

/// The part of a training that the trainer need not know.
struct Task {
  ModelPtr model;                        ///< initialised, on the CPU
  std::unique_ptr<Objective> objective;  ///< of that model
  FineTuneConfig fine_tune;              ///< what trains when
  PatchShare patches = {};               ///< what batches hide of an image
  std::string verb = "run";              ///< `ferbench <verb>` does it
};

/// A model of the zoo learns the labels. ConfigError: see make_model.
Task classification_task(const Config& config, const ImageSet& images,
                         const Split& split);

/// What a model is built for: channels, size and classes of the images.
ModelShape shape_of(const ImageSet& images);

}  // namespace fer
