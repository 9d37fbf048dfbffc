// Residual networks (He et al., arXiv:1512.03385 and 1603.05027), as
// torchvision and as Keras build them. Parameters carry torchvision's names
// (layer1.0.conv1.weight), in Keras's variants too.
#pragma once

#include "config/sections.h"
#include "models/model.h"

namespace fer {

/// torchvision 0.26 (v1.5: the 3x3 convolution carries the stride; no biases;
/// mean pooling). Any image size.
ModelPtr make_resnet18(const ModelConfig& config, const ModelShape& shape);
ModelPtr make_resnet34(const ModelConfig& config, const ModelShape& shape);
ModelPtr make_resnet50(const ModelConfig& config, const ModelShape& shape);

/// keras.applications.ResNet50 without its top, with maximum pooling, then the
/// logits: biases everywhere, stride in the first 1x1, epsilon 1.001e-5.
/// 23,589,761 parameters at 48x48x3 with one logit.
ModelPtr make_resnet50_keras(const ModelConfig& config,
                             const ModelShape& shape);

/// keras.applications.ResNet50V2 without its top, with mean pooling, then the
/// logits: normalisation and ReLU before the convolutions.
ModelPtr make_resnet50v2(const ModelConfig& config, const ModelShape& shape);

}  // namespace fer
