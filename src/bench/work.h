// Multiply-adds of a model, for one image.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "models/model.h"

namespace fer {

/// Counted as if every convolution were computed directly.
struct Work {
  int64_t forward = 0;
  /// Forward, the gradients of what trains, and the gradients of activations
  /// back to the first layer that trains: three times `forward`, less the first
  /// layer's input, where everything trains.
  int64_t training = 0;
  std::map<std::string, int64_t> layers;  ///< forward, by path
};

/// Reads requires_grad of the parameters; runs one empty image through the
/// model.
Work count_work(Model& model, const ModelShape& shape);

}  // namespace fer
