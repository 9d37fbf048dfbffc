// Means over the pixels of a picture and factors for all of them, one for each
// channel, with their gradients: what stands before and behind the small
// network of a squeeze-excitation (Hu et al., arXiv:1709.01507). In float over
// NHWC pictures; per-channel values are `[images][channels]`. Results are the
// same bits on any number of threads.
#pragma once

#include "kernels/activations.h"

namespace fer {

void channel_means(const float* x, const PictureShape& shape, float* mean);

/// dx = g + dmean / pixels, where the means' input has a gradient g of its own.
void channel_means_gradient(const float* g, const float* dmean,
                            const PictureShape& shape, float* dx);

/// y = x * gate.
void channel_gate(const float* x, const float* gate, const PictureShape& shape,
                  float* y);

/// dx = g * gate; dgate: the sum of g * x over pixels.
void channel_gate_gradient(const float* g, const float* x, const float* gate,
                           const PictureShape& shape, float* dx, float* dgate);

}  // namespace fer
