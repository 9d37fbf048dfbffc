// What the kernel tests share: every processor target in turn, drawn values,
// storage in float and bfloat16, distances from a double reference.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kernels/batch_norm.h"

namespace fer {

/// Calls `test` once for each target that this machine can run, named in the
/// trace of a failure; then all targets are allowed again.
void on_every_target(const std::function<void()>& test);

/// `n` normally distributed values around `mean`, the same for the same seed.
std::vector<double> drawn(size_t n, uint64_t seed, double mean = 0.0);

float as_float(float value);
float as_float(Bf16 value);

/// Rounded to T as torch does.
template <class T>
std::vector<T> stored(const std::vector<double>& values);
template <class T>
std::vector<double> widened(const std::vector<T>& values);

/// |a - b| / |b| in the 2-norm.
double distance(const std::vector<double>& a, const std::vector<double>& b);

/// Memory for a NormTable.
struct TableMemory {
  explicit TableMemory(size_t channels) : memory(4 * channels), n(channels) {}
  NormTable view() {
    float* at = memory.data();
    return {at, at + n, at + 2 * n, at + 3 * n};
  }
  std::vector<float> memory;
  size_t n;
};

/// Largest distance of a result: 5e-7 in fp32; in bf16 what storing alone may
/// cost, 2^-8 of each value.
template <class T>
double tolerance();

}  // namespace fer
