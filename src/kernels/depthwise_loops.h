// Depthwise convolutions of a few outputs that lie side by side, over all
// channels, on one thread.
#pragma once

#include <cstdint>

namespace fer {

/// What the windows of some outputs in a row see.
struct DepthwiseStrip {
  static constexpr int kMostTaps = 5, kMostOutputs = 6, kMostStride = 2;
  static constexpr int kMostColumns =
      (kMostOutputs - 1) * kMostStride + kMostTaps;

  int64_t channels = 0;
  int64_t outputs = 0;         ///< depthwise_outputs() of what is left
  int64_t rows = 0;            ///< of taps, that see anything
  int64_t tap_row[kMostTaps];  ///< which ones
  /// The first channel of each pixel below them.
  const float* pixels[kMostTaps][kMostColumns];
};

/// How many of `left` outputs the loops take at a time.
inline int64_t depthwise_outputs(int64_t left) {
  if (left >= 6) return 6;
  return left > 3 ? 3 : left;
}

/// Weights and their gradients: `[taps][taps][channels]`.
struct DepthwiseLoops {
  void (*convolve)(const DepthwiseStrip& strip, const float* weights, float* y);
  /// Adds the products of pixels and gradients g to `sums`.
  void (*add_weight_gradient)(const DepthwiseStrip& strip, const float* g,
                              float* sums);
};

/// taps: 3 or 5; stride: 1 or 2.
DepthwiseLoops depthwise_loops(int64_t taps, int64_t stride);

}  // namespace fer
