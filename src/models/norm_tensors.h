// Tensors as the kernels of batch normalisation take them; for fused_norm*.cpp.
#pragma once

#include <torch/types.h>

#include "kernels/batch_norm.h"

namespace fer {

/// NHWC for pictures, rows of channels otherwise: the same memory.
inline at::MemoryFormat format_of(const torch::Tensor& x) {
  return x.dim() == 4 ? at::MemoryFormat::ChannelsLast
                      : at::MemoryFormat::Contiguous;
}

inline PictureShape pictures_of(const torch::Tensor& x) {
  if (x.dim() == 2) return {x.size(0), 1, 1, x.size(1)};
  return {x.size(0), x.size(2), x.size(3), x.size(1)};
}

/// A gradient in the order and the type of x.
inline torch::Tensor arranged(const torch::Tensor& gradient,
                              const torch::Tensor& x) {
  return gradient.to(x.scalar_type()).contiguous(format_of(x));
}

/// What 2x2 pooling makes of x: same type and order, not filled.
inline torch::Tensor empty_pooled(const torch::Tensor& x) {
  const PictureShape half = pictures_of(x).pooled();
  return at::empty({half.images, half.channels, half.height, half.width},
                   x.options(), at::MemoryFormat::ChannelsLast);
}

template <class T>
T* values(const torch::Tensor& x) {
  return static_cast<T*>(x.data_ptr());
}

/// The four rows of a `[4, C]` tensor.
inline NormTable table_of(const torch::Tensor& table) {
  float* data = values<float>(table);
  const int64_t channels = table.size(1);
  return {data, data + channels, data + 2 * channels, data + 3 * channels};
}

}  // namespace fer
