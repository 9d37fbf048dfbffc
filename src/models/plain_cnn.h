// The plain convolutional networks of the published systems: convolutions,
// pooling and dense layers in one row, described by a table.
#pragma once

#include "config/sections.h"
#include "models/model.h"

namespace fer {

/// Source 002: VGG16's thirteen 3x3 convolutions (64 to 512), each with ReLU,
/// then BatchNorm, five poolings, three dense layers. It states neither the
/// width of the dense layers (here 512 and 256) nor a dropout (none). Its L2 of
/// 0.01 is train.l2. Images of at least 32x32.
ModelPtr make_vgg16_bn_fer(const ModelConfig& config, const ModelShape& shape);

/// Source 003: "convolution and max-pooling layers" for 50x50 gray faces, not
/// specified further; here 32, 64, 128 filters of 3x3, Dense 128, dropout .5.
ModelPtr make_cnn50(const ModelConfig& config, const ModelShape& shape);

/// Source 004: a CNN for 48x48 gray faces, not specified further; here 32, 64,
/// 128, 128 filters of 3x3, Dense 1024, dropout .25 .25 .5.
ModelPtr make_cnn48(const ModelConfig& config, const ModelShape& shape);

}  // namespace fer
