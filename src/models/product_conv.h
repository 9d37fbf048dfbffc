// Convolutions as one matrix product over pixels. On a CPU that is as fast as
// torch's for large pictures and several times as fast for those of a few
// pixels. In channels-last order the pixels are the left factor as they lie;
// with a larger kernel or a stride they are gathered first.
#pragma once

#include "models/conv_taps.h"

namespace fer {

/// Whether x `[N, C, H, W]` is taken and the product pays. In float32 and
/// float64 (products_take): 1x1 kernels, and 3x3 ones with a stride over at
/// least 16 channels. In bfloat16 (bf16_products_take): those, and 3x3 kernels
/// that leave a map of at most 3x3 as it is, 6x6 where it has 512 channels.
bool product_takes(const torch::Tensor& x, const ConvStep& step);

/// at::conv2d of x with weight `[out, C, kernel, kernel]` and bias `[out]` (or
/// undefined), in one group; differentiable, in channels-last order.
torch::Tensor product_conv2d(const torch::Tensor& x,
                             const torch::Tensor& weight,
                             const torch::Tensor& bias, const ConvStep& step);

}  // namespace fer
