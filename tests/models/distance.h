// How tests compare tensors and fill them without a generator.
#pragma once

#include <ATen/ATen.h>

namespace fer {

/// |a - b| / |b| in the 2-norm, in double.
inline double distance(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor exact = b.to(at::kDouble);
  return (a.to(at::kDouble) - exact).norm().item<double>() /
         exact.norm().item<double>();
}

/// Values in [-0.5, 0.5), evenly spread and alike nowhere.
inline at::Tensor golden_values(at::IntArrayRef sizes, double start,
                                at::ScalarType type) {
  const int64_t n = c10::multiply_integers(sizes);
  return ((at::arange(n, at::kDouble) * 0.6180339887498949 + start).frac() -
          0.5)
      .reshape(sizes)
      .to(type);
}

}  // namespace fer
