// Activations as the kernels see them: rows of channels (NHWC pixels, or
// samples), in float or bfloat16.
#pragma once

#include <cstdint>

namespace fer {

/// The upper half of a float. Read and written by the kernels only.
struct Bf16 {
  uint16_t bits;
};

/// `count` rows of `channels` values, one after the other.
struct RowShape {
  int64_t count, channels;
};

/// A picture stack in NHWC order.
struct PictureShape {
  int64_t images, height, width, channels;

  RowShape rows() const { return {images * height * width, channels}; }
  /// What a 2x2 pooling with stride 2 leaves; an odd rim is dropped.
  PictureShape pooled() const {
    return {images, height / 2, width / 2, channels};
  }
};

/// Where a ReLU stands beside the normalisation, if at all; kSwishAfter: a
/// Swish, z * sigmoid(z), behind it.
enum class Rectify { kNone, kBefore, kAfter, kSwishAfter };

}  // namespace fer
