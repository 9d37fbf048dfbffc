// ReLU, batch normalisation, 2x2 maximum pooling with stride 2 and dropout in
// one pass, and its gradient (see batch_norm.h for the formulas). An odd last
// row or column takes part in the statistics only. T is float or Bf16.
#pragma once

#include "kernels/batch_norm.h"

namespace fer {

/// In `choice` of a pooled value: 0..3, the place of the largest in its window
/// (row by row; the first of equals), or that dropout took it.
inline constexpr uint8_t kDropped = 4;

/// choice: in, 1 keeps the value and 0 drops it; out, see above. y and `winner`
/// (the largest relu(x)) have the pooled shape. y = kept value * factor.
template <class T>
void normalise_pool(const T* x, PictureShape shape, const NormTable& table,
                    float factor, uint8_t* choice, T* winner, T* y);

/// gradient, winner, choice: pooled shape.
template <class T>
GradientSums pooled_gradient_sums(const T* gradient, const T* winner,
                                  const uint8_t* choice, RowShape pooled,
                                  float factor, const NormTable& table);

/// x, dx: `shape`; gradient, choice: pooled.
template <class T>
void pooled_input_gradient(const T* gradient, const uint8_t* choice, const T* x,
                           PictureShape shape, float factor,
                           const NormTable& table,
                           const GradientTable& coefficients, T* dx);

}  // namespace fer
