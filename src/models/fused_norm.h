// The kernels of kernels/ as differentiable functions of tensors.
#pragma once

#include <torch/types.h>

#include "kernels/activations.h"
#include "models/layers.h"

namespace fer {

/// Whether the kernels take this input: float32 or bfloat16 on a CPU or a GPU,
/// at least two rows; `[N, C]` contiguous or `[N, C, H, W]` in channels-last
/// order.
bool fusable(const torch::Tensor& x);

/// Batch normalisation in training mode with a ReLU or Swish as `rectify` says;
/// moves the running statistics of `norm` on. Same shape and type as x. On a
/// GPU a Swish is torch's, in a pass of its own.
torch::Tensor fused_norm(const BatchNorm::Parts& norm, const torch::Tensor& x,
                         Rectify rectify);

/// ReLU, batch normalisation, 2x2 pooling, dropout: `[N, C, H, W]` to
/// `[N, C, H/2, W/2]`, H and W at least 2. The dropped values follow from one
/// number of torch's generator of the device of x, none is taken at rate 0.
torch::Tensor fused_norm_pool(const BatchNorm::Parts& norm,
                              const torch::Tensor& x, double dropout_rate);

/// The same without the normalisation; on a CPU.
torch::Tensor fused_relu_pool(const torch::Tensor& x, double dropout_rate);

}  // namespace fer
