// Convolutions with fewer multiplications (winograd_scheme.h), forward and for
// both gradients: stride 1, "same" zero padding, one group, 3x3 or 5x5 taps, in
// float over NHWC pictures. Tiles are transformed, multiplied and transformed
// back in blocks that stay in a core's cache. Results are the same bits on any
// number of threads.
#pragma once

#include "kernels/activations.h"

namespace fer {

struct ConvShape {
  int64_t images, height, width, in, out;
  int64_t taps;  ///< 3 or 5, in both directions

  PictureShape input() const { return {images, height, width, in}; }
  PictureShape output() const { return {images, height, width, out}; }
};

/// Whether these kernels beat torch's direct convolution: on processors with
/// AVX2 or AVX-512, for whole vectors of channels and enough tiles to pay for
/// the transformed weights.
bool winograd_pays(const ConvShape& shape);

/// y = convolution of x with w, plus bias. w: `[out][taps][taps][in]`; bias:
/// `[out]` or null.
void winograd_forward(const float* x, const float* w, const float* bias,
                      const ConvShape& shape, float* y);

/// dx from the output's gradient g.
void winograd_input_gradient(const float* g, const float* w,
                             const ConvShape& shape, float* dx);

/// dw as w lies, and dbias `[out]` (the sum of g over pixels).
void winograd_weight_gradient(const float* x, const float* g,
                              const ConvShape& shape, float* dw, float* dbias);

}  // namespace fer
