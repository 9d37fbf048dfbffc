#include "kernels/depthwise_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/depthwise_loops.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "kernels/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {

// visit(output, tap) for all that multiply the pixel in `column`.
template <int kTaps, int kStride, int kOutputs, class Visit>
HWY_INLINE void over_windows(int column, const Visit& visit) {
  HWY_UNROLL(6)
  for (int t = 0; t < kOutputs; ++t) {
    const int tap = column - t * kStride;
    if (tap >= 0 && tap < kTaps) visit(t, tap);
  }
}

// Each pixel is loaded once for all windows that it lies in; sums and one row
// of weights stay in registers.
template <int kTaps, int kStride, int kOutputs>
void convolve_some(const DepthwiseStrip& strip, const float* weights,
                   float* y) {
  constexpr int kColumns = (kOutputs - 1) * kStride + kTaps;
  const int64_t channels = strip.channels, rows = strip.rows;
  over_channels(channels, [&](auto d, int64_t c) HWY_ATTR {
    using V = hn::Vec<decltype(d)>;
    V sum[kOutputs], w[kTaps];
    HWY_UNROLL(6)
    for (int t = 0; t < kOutputs; ++t) sum[t] = hn::Zero(d);
    for (int64_t r = 0; r < rows; ++r) {
      const float* row = weights + strip.tap_row[r] * kTaps * channels + c;
      HWY_UNROLL(5)
      for (int j = 0; j < kTaps; ++j) w[j] = hn::LoadU(d, row + j * channels);
      HWY_UNROLL(15)
      for (int u = 0; u < kColumns; ++u) {
        const V v = hn::LoadU(d, strip.pixels[r][u] + c);
        over_windows<kTaps, kStride, kOutputs>(u, [&](int t, int j) HWY_ATTR {
          sum[t] = hn::MulAdd(v, w[j], sum[t]);
        });
      }
    }
    HWY_UNROLL(6)
    for (int t = 0; t < kOutputs; ++t)
      hn::StoreU(sum[t], d, y + t * channels + c);
  });
}

template <int kTaps, int kStride, int kOutputs>
void add_some(const DepthwiseStrip& strip, const float* g, float* sums) {
  constexpr int kColumns = (kOutputs - 1) * kStride + kTaps;
  const int64_t channels = strip.channels, rows = strip.rows;
  over_channels(channels, [&](auto d, int64_t c) HWY_ATTR {
    using V = hn::Vec<decltype(d)>;
    V gradient[kOutputs], sum[kTaps];
    HWY_UNROLL(6)
    for (int t = 0; t < kOutputs; ++t)
      gradient[t] = hn::LoadU(d, g + t * channels + c);
    for (int64_t r = 0; r < rows; ++r) {
      float* row = sums + strip.tap_row[r] * kTaps * channels + c;
      HWY_UNROLL(5)
      for (int j = 0; j < kTaps; ++j) sum[j] = hn::LoadU(d, row + j * channels);
      HWY_UNROLL(15)
      for (int u = 0; u < kColumns; ++u) {
        const V v = hn::LoadU(d, strip.pixels[r][u] + c);
        over_windows<kTaps, kStride, kOutputs>(u, [&](int t, int j) HWY_ATTR {
          sum[j] = hn::MulAdd(v, gradient[t], sum[j]);
        });
      }
      HWY_UNROLL(5)
      for (int j = 0; j < kTaps; ++j) hn::StoreU(sum[j], d, row + j * channels);
    }
  });
}

template <int kTaps, int kStride>
void convolve(const DepthwiseStrip& strip, const float* weights, float* y) {
  if (strip.outputs == 6)
    return convolve_some<kTaps, kStride, 6>(strip, weights, y);
  if (strip.outputs == 3)
    return convolve_some<kTaps, kStride, 3>(strip, weights, y);
  if (strip.outputs == 2)
    return convolve_some<kTaps, kStride, 2>(strip, weights, y);
  convolve_some<kTaps, kStride, 1>(strip, weights, y);
}

template <int kTaps, int kStride>
void add_weight_gradient(const DepthwiseStrip& strip, const float* g,
                         float* sums) {
  if (strip.outputs == 6) return add_some<kTaps, kStride, 6>(strip, g, sums);
  if (strip.outputs == 3) return add_some<kTaps, kStride, 3>(strip, g, sums);
  if (strip.outputs == 2) return add_some<kTaps, kStride, 2>(strip, g, sums);
  add_some<kTaps, kStride, 1>(strip, g, sums);
}

template <int kTaps, int kStride>
DepthwiseLoops loops_of() {
  return {&convolve<kTaps, kStride>, &add_weight_gradient<kTaps, kStride>};
}

DepthwiseLoops depthwise_loops_for(int64_t taps, int64_t stride) {
  if (taps == 3) return stride == 1 ? loops_of<3, 1>() : loops_of<3, 2>();
  return stride == 1 ? loops_of<5, 1>() : loops_of<5, 2>();
}

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fer {

HWY_EXPORT(depthwise_loops_for);

DepthwiseLoops depthwise_loops(int64_t taps, int64_t stride) {
  return HWY_DYNAMIC_DISPATCH(depthwise_loops_for)(taps, stride);
}

}  // namespace fer
#endif
