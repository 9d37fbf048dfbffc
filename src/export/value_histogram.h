// How often which values occur in a tensor over many batches, in bounded
// memory; and which range of them 8 bits should cover.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "export/calibration_ranges.h"

namespace fer {

class ValueHistogram {
 public:
  /// `seen`: the least and the largest value that will come.
  explicit ValueHistogram(TensorRange seen);

  void add(std::span<const float> values);

  /// The values left when `share` of them (0.0001) goes on each side; zeros do
  /// not count.
  TensorRange without_tails(double share) const;

  /// Among the ranges a * seen, a = 0.30, 0.32 .. 1: the one with the least
  ///   sum of (overshoot^2 outside, step^2 / 12 inside), step = width / 255,
  /// over all values but the zeros, which are exact in any range.
  TensorRange least_error() const;

 private:
  static constexpr int kBins = 2048;

  double centre(int bin) const { return seen_.low + (bin + 0.5) * width_; }
  double error_of(TensorRange range) const;

  TensorRange seen_;
  double width_ = 0;  ///< of a bin
  std::vector<int64_t> bins_;
};

}  // namespace fer
