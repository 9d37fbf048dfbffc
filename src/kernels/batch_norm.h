// Batch normalisation over rows, with the ReLU before or the ReLU or Swish
// behind it in the same pass, and its gradient. With v = relu(x) or x:
//   y = scale * v + shift, scale = weight / sqrt(variance + epsilon),
//   shift = bias - scale * mean (Ioffe and Szegedy, arXiv:1502.03167);
//   dv = scale * (g - mean(g) - n * mean(g n)), n = (v - mean) * inverse.
// Products in float lanes; sums over 32 rows in float, beyond in double, always
// in the same order. T is float or Bf16.
#pragma once

#include <vector>

#include "kernels/activations.h"

namespace fer {

/// Per channel: mean and biased variance of a batch.
struct Moments {
  std::vector<double> mean, variance;
};

/// Per channel, `channels` floats each; not owned.
struct NormTable {
  float *mean, *inverse, *scale, *shift;
};

/// Per channel: sum of g, and of g * (v - mean).
struct GradientSums {
  std::vector<double> gradient, product;
};

/// Per channel: dv = gain * g + slope * (v - mean) + offset.
struct GradientTable {
  std::vector<float> gain, slope, offset;
};

/// rectify: kAfter and kSwishAfter count as kNone, the statistics are taken
/// before them.
template <class T>
Moments moments(const T* x, RowShape shape, Rectify rectify);

/// weight, bias: per channel.
void fill_table(const Moments& moments, const float* weight, const float* bias,
                double epsilon, const NormTable& table);

/// x and y may be the same memory.
template <class T>
void normalise(const T* x, RowShape shape, Rectify rectify,
               const NormTable& table, T* y);

/// kSwishAfter: writes the gradient of what stands before the Swish to
/// `opened`, so that no sigmoid is computed again; unused otherwise.
template <class T>
GradientSums gradient_sums(const T* gradient, const T* x, RowShape shape,
                           Rectify rectify, const NormTable& table,
                           T* opened = nullptr);

/// `rows`: those of the whole batch, before any pooling.
GradientTable gradient_table(const GradientSums& sums, int64_t rows,
                             const NormTable& table);

/// kSwishAfter: `gradient` is what gradient_sums() has written. dx may be the
/// same memory.
template <class T>
void input_gradient(const T* gradient, const T* x, RowShape shape,
                    Rectify rectify, const NormTable& table,
                    const GradientTable& coefficients, T* dx);

}  // namespace fer
