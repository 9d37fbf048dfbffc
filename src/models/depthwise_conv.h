// Depthwise convolutions of kernels/ as a differentiable function of tensors.
#pragma once

#include <torch/types.h>

#include "models/conv_taps.h"

namespace fer {

/// Whether the kernels take it: x `[N, C, H, W]` (products_take) and weight
/// `[C, 1, k, k]` in float32, k (step.kernel) 3 or 5, stride 1 or 2, padding
/// below k.
bool depthwise_takes(const torch::Tensor& x, const torch::Tensor& weight,
                     const ConvStep& step);

/// at::conv2d of the same with C groups and no bias, in channels-last order.
torch::Tensor depthwise_conv2d(const torch::Tensor& x,
                               const torch::Tensor& weight,
                               const ConvStep& step);

}  // namespace fer
