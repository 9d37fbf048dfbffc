// Weights that a model starts from: read, renamed, fitted, reported.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/sections.h"
#include "core/json.h"
#include "models/model.h"
#include "models/safetensors.h"
#include "models/weight_fit.h"

namespace fer {

/// What became of a file of weights. Names are the model's, but for those of
/// left_over, which are the file's.
struct WeightsReport {
  struct Changed {
    std::string name, from, to;  ///< the shapes, "[1, 197, 192]"
    Change change;
  };

  std::filesystem::path file;
  std::string sha256;  ///< of the file
  WeightsLayout layout = WeightsLayout::kFerbench;
  std::string other_function;  ///< why the network is not theirs; empty: it is
  std::vector<std::string> loaded;  ///< all that came from the file
  std::vector<std::string> fresh;   ///< as the initialiser made them
  std::vector<std::string> left_over;
  std::vector<Changed> changed;  ///< those of `loaded` that did not fit at once
};

/// Fills `model`, built from `config`, from config.weights (must be set). The
/// last layer stays as it is where the number of classes differs. Nothing is
/// changed on an error:
///   ConfigError  a layout that the model does not come in; a network that is
///                not the same function (strict)
///   DataError    an unsound file; a wrong shape; tensors missing (but for the
///                head) or left over (strict); no tensor of the model at all
WeightsReport load_weights(const ModelConfig& config, Model& model);

/// "weights: 316 of 318 tensors from best.safetensors (ferbench); new: ..."
std::string report_line(const WeightsReport& report);

/// What weights.json holds (docs/weights.md).
Json report_json(const WeightsReport& report);

/// The model's tensors under the names of a layout, to be read by its own
/// library. ConfigError as above.
TensorFile in_layout(const Model& model, const ModelConfig& config,
                     WeightsLayout layout);

}  // namespace fer
