// A pass of batch normalisation forward and backward on drawn values, three
// ways: by the kernels of src/cuda/, by those of src/kernels/, and by the
// formulas in double.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cuda/norm_passes.h"
#include "kernels/kernel_cases.h"

namespace fer {

struct NormCase {
  PictureShape shape;
  Rectify rectify = Rectify::kBefore;
  /// Of dropout behind 2x2 pooling; without it there is no pooling.
  std::optional<double> rate = std::nullopt;
  double mean = 0.3;  ///< of x, whose deviation is 1
  /// Channels that come in fours one by one, as from memory that is not
  /// aligned.
  bool unaligned = false;

  RowShape rows() const { return shape.rows(); }
  /// Of y and its gradient.
  PictureShape result() const { return rate ? shape.pooled() : shape; }
};

/// What goes in.
template <class T>
struct NormValues {
  explicit NormValues(const NormCase& c);
  std::vector<T> x, gradient;
  std::vector<float> weight, bias;  ///< some weights below 0
};

/// What comes out; in double whatever computed it. running: mean, then
/// variance, moved on from 1 and 2 with kMomentum.
struct NormResults {
  std::vector<double> mean, variance, running, y, dx, dweight, dbias;
  std::vector<uint8_t> choice;  ///< with pooling
};

inline constexpr double kEpsilon = 1e-3, kMomentum = 0.9;
inline constexpr uint64_t kDropoutKey = 0x123456789ABCDEF0u;

/// `variance` is that of the table: 1 / inverse^2 - kEpsilon.
template <class T>
NormResults by_cuda_kernels(const NormCase& c, const NormValues<T>& values,
                            bool biased_variance = false);
template <class T>
NormResults by_cpu_kernels(const NormCase& c, const NormValues<T>& values);
template <class T>
NormResults in_double(const NormCase& c, const NormValues<T>& values,
                      bool biased_variance = false);

}  // namespace fer
