// Fernet: the report's convolutional network for 48x48 gray faces.
#pragma once

#include "config/sections.h"
#include "models/chain.h"

namespace fer {

/// Four blocks of Conv(same, ReLU) - BatchNorm - Conv(same, ReLU) - BatchNorm -
/// MaxPool 2 - Dropout with 32 (5x5), 64, 128, 256 (3x3) filters, then Flatten
/// and Dense 512, 128 (each ReLU - BatchNorm - Dropout) and the logits. ReLU
/// stands before BatchNorm. 2,440,929 parameters at 48x48x1 with one logit.
/// `config.dropout`: six rates, default .4 .4 .5 .5 .6 .6.
class Fernet final : public Chain {
 public:
  Fernet(const ModelConfig& config, const ModelShape& shape);
};

}  // namespace fer
