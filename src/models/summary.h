// What a model is made of: the layer table that Keras users know, parameters,
// FLOPs.
#pragma once

#include <string>
#include <vector>

#include "models/layers.h"
#include "models/model.h"

namespace fer {

struct ModelSummary {
  std::vector<LayerRecord> layers;
  int64_t parameters = 0;  ///< all, BatchNorm's moving statistics included
  int64_t trainable = 0;
  int64_t multiply_adds = 0;  ///< of one image, forward
  /// What the layers give out for one image, together, as float32: about what
  /// training keeps for the backward pass.
  int64_t activation_bytes = 0;

  /// Two operations per multiply-add.
  double gflops() const { return 2e-9 * static_cast<double>(multiply_adds); }
};

/// Runs one empty image through the model (in evaluation mode) and records
/// every layer.
ModelSummary summarise(Model& model, const ModelShape& shape);

/// The table as `model.summary()` prints it in Keras.
std::string format_summary(const std::string& name,
                           const ModelSummary& summary);

/// 2440929 -> "2,440,929".
std::string with_commas(int64_t n);

}  // namespace fer
