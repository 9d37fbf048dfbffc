// The loops of pooled_batch_norm.h over one block of rows, on one thread.
#pragma once

#include "kernels/pooled_batch_norm.h"

namespace fer {

/// One row of windows: two rows of x above one row of results.
struct PooledRow {
  int64_t width;  ///< of x, in pixels
  int64_t channels;
};

template <class T>
struct PooledLoops {
  /// One row of windows.
  void (*normalise_pool)(const T* x, PooledRow row, const NormTable& table,
                         float factor, uint8_t* choice, T* winner, T* y);
  /// Any rows of pooled values; sums are added to what is there.
  void (*gradient_sums)(const T* gradient, const T* winner,
                        const uint8_t* choice, int64_t rows, int64_t channels,
                        float factor, const NormTable& table, double* sums,
                        double* products);
  /// One row of windows.
  void (*input_gradient)(const T* gradient, const uint8_t* choice, const T* x,
                         PooledRow row, float factor, const NormTable& table,
                         const GradientTable& coefficients, T* dx);
  /// Pixels that no window covers.
  void (*uncovered_gradient)(const T* x, int64_t pixels, int64_t channels,
                             const NormTable& table,
                             const GradientTable& coefficients, T* dx);
};

template <class T>
PooledLoops<T> pooled_loops();

}  // namespace fer
