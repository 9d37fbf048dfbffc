// The loops of batch_norm.h over one block of rows, on one thread: which of
// them the processor can run is found out once.
#pragma once

#include "kernels/batch_norm.h"

namespace fer {

/// x, gradient and results: `rows` rows of `channels` values. Sums are added to
/// what is there.
template <class T>
struct BatchNormLoops {
  /// Of (v - pivot) and of its square.
  void (*moments)(const T* x, int64_t rows, int64_t channels,
                  const float* pivot, double* sums, double* squares);
  void (*normalise)(const T* x, int64_t rows, int64_t channels,
                    const NormTable& table, T* y);
  void (*gradient_sums)(const T* gradient, const T* x, int64_t rows,
                        int64_t channels, const NormTable& table, T* opened,
                        double* sums, double* products);
  void (*input_gradient)(const T* gradient, const T* x, int64_t rows,
                         int64_t channels, const NormTable& table,
                         const GradientTable& coefficients, T* dx);
};

template <class T>
BatchNormLoops<T> batch_norm_loops(Rectify rectify);

}  // namespace fer
