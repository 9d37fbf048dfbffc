// Numbers of a reference implementation in double, and a tensor as five of them
// (digest() of tests/reference/zoo_parity.py).
#pragma once

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/json.h"

namespace fer {

inline constexpr double kTolerance = 1e-7;
// Gradients that BatchNorm makes zero are noise of about 1e-14.
inline constexpr double kFloor = 1e-5;

/// `scale`: of what `value` is one of; a value may differ by kTolerance
/// relative to itself or to that.
inline void expect_near(double value, double expected, double scale,
                        const std::string& what) {
  EXPECT_NEAR(value, expected,
              kTolerance * std::max({std::abs(expected), scale, kFloor}))
      << what;
}

/// [l2, sum, first, middle, last]
inline void expect_digest(const torch::Tensor& tensor, const Json& expected,
                          const std::string& what) {
  const torch::Tensor flat = tensor.detach().contiguous().flatten();
  const int64_t n = flat.numel();
  const auto l2 = expected[0].get<double>();
  const double rms = l2 / std::sqrt(static_cast<double>(n));
  expect_near(flat.norm().item<double>(), l2, 0, what);
  expect_near(flat.sum().item<double>(), expected[1].get<double>(), l2, what);
  size_t k = 2;
  for (const int64_t i : {int64_t{0}, (n - 1) / 2, n - 1}) {
    expect_near(flat[i].item<double>(), expected[k++].get<double>(), rms, what);
  }
}

}  // namespace fer
