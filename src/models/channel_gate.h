// The passes of kernels/channel_gate.h as differentiable functions of tensors.
#pragma once

#include <torch/types.h>

namespace fer {

/// Whether the kernels take x: `[N, C, H, W]`, float32, on a CPU, in
/// channels-last order. Not under autocast, nor while a model is traced.
bool gate_takes(const torch::Tensor& x);

/// x for all that follows and its means `[N, C, 1, 1]`. Both gradients are
/// added up in one pass.
struct PixelsAndMean {
  torch::Tensor pixels, mean;
};
PixelsAndMean with_channel_means(const torch::Tensor& x);

/// x * gate `[N, C, 1, 1]`.
torch::Tensor channel_gated(const torch::Tensor& x, const torch::Tensor& gate);

}  // namespace fer
