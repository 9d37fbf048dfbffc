// Depthwise convolutions, one kernel per channel, forward and for both
// gradients: 3x3 or 5x5 taps, stride 1 or 2, in float over NHWC pictures. Sums
// are direct ones, the same bits on any number of threads.
#pragma once

#include "kernels/activations.h"

namespace fer {

struct DepthwiseShape {
  PictureShape input;
  int64_t out_height, out_width;
  int64_t taps;    ///< 3 or 5, in both directions
  int64_t stride;  ///< 1 or 2
  /// Zeros above and on the left, below `taps`; whatever else a window sees
  /// outside of the picture is zero, too.
  int64_t padding;

  PictureShape output() const {
    return {input.images, out_height, out_width, input.channels};
  }
};

/// y = convolution of x with w: `[taps][taps][channels]`.
void depthwise_forward(const float* x, const float* w,
                       const DepthwiseShape& shape, float* y);

/// dx from the output's gradient g.
void depthwise_input_gradient(const float* g, const float* w,
                              const DepthwiseShape& shape, float* dx);

/// dw as w lies.
void depthwise_weight_gradient(const float* x, const float* g,
                               const DepthwiseShape& shape, float* dw);

}  // namespace fer
