// EfficientNets (Tan and Le, arXiv:1905.11946), as timm and torchvision and as
// Keras build them. Parameters carry timm's names (blocks.1.0.conv_pw.weight),
// in Keras's variants too. Images of at least 32x32. `config.dropout`: two
// rates, whole branches of the last block (stochastic depth, growing from 0 in
// the first block) and before the last layer.
#pragma once

#include "config/sections.h"
#include "models/model.h"

namespace fer {

/// timm 1.0 and torchvision 0.26, which are the same function. Dropout .2 .2
/// (b0), .2 .3 (b3), as torchvision.
ModelPtr make_efficientnet_b0(const ModelConfig& config,
                              const ModelShape& shape);
ModelPtr make_efficientnet_b3(const ModelConfig& config,
                              const ModelShape& shape);

/// keras.applications.EfficientNetB3: BatchNorm's epsilon 1e-3 and momentum
/// 0.99, on even sizes one row less of padding at the top and left of strides
/// of 2. Its Rescaling layer is our [0, 1]; its Normalization does nothing in a
/// fresh model and is model.input: imagenet with Keras's weights.
ModelPtr make_efficientnet_b3_keras(const ModelConfig& config,
                                    const ModelShape& shape);

/// Source 001: Keras's EfficientNetB3, then BatchNorm - Dense (ReLU) - Dropout
/// - Dense. It states neither the pooling (here the maximum) nor the width of
/// the dense layer (256) nor the rate (.45); these are those of the notebooks
/// in which this head is common. Dropout .2 .45.
ModelPtr make_efficientnet_b3_fer(const ModelConfig& config,
                                  const ModelShape& shape);

}  // namespace fer
