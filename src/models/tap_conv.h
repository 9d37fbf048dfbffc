// 3x3 convolutions over maps of a few pixels, one matrix product for each tap.
// On a map of 2x2 pixels a kernel of nine taps sees sixteen pixels in all and
// twenty zeros of the padding: only the sixteen are multiplied here.
#pragma once

#include "models/conv_taps.h"

namespace fer {

/// Whether x `[N, C, H, W]` is taken (products_take) and the products pay:
/// 3x3 kernels of stride 1 and padding 1, maps of at most 3x3 pixels, at least
/// 16 channels.
bool taps_take(const torch::Tensor& x, const ConvStep& step);

/// at::conv2d of x with weight `[out, C, 3, 3]` and bias `[out]` (or
/// undefined), stride 1, padding 1, in one group; differentiable, in
/// channels-last order.
torch::Tensor tap_conv2d(const torch::Tensor& x, const torch::Tensor& weight,
                         const torch::Tensor& bias);

}  // namespace fer
