// Winograd's convolutions of kernels/ as a differentiable function of tensors.
#pragma once

#include <torch/types.h>

namespace fer {

/// Whether the kernels take this convolution, stride 1 and "same" padding in
/// one group, and are faster: float32 on a CPU outside of autocast, x
/// `[N, C, H, W]` in channels-last order, weight `[out, C, k, k]`.
bool winograd_takes(const torch::Tensor& x, const torch::Tensor& weight);

/// at::conv2d of the same; bias `[out]` or undefined. The result is up to twice
/// as far from double as a direct convolution in float with 3x3 taps, up to six
/// times with 5x5.
torch::Tensor winograd_conv2d(const torch::Tensor& x,
                              const torch::Tensor& weight,
                              const torch::Tensor& bias);

}  // namespace fer
