#include "kernels/batch_norm_loops.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/batch_norm_loops.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "kernels/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {

// Rows whose sums stay in float, and whose values stay in the first cache.
constexpr int64_t kTile = 32;

template <Rectify kRectify, class T>
void moments_of(const T* x, int64_t rows, int64_t channels, const float* pivot,
                double* sums, double* squares) {
  for (int64_t begin = 0; begin < rows; begin += kTile) {
    const T* tile = x + begin * channels;
    const int64_t n = std::min(kTile, rows - begin);
    over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
      const auto p = hn::LoadU(d, pivot + c);
      auto sum = hn::Zero(d), square = hn::Zero(d);
      for (int64_t r = 0; r < n; ++r) {
        const auto v = hn::Sub(
            rectified_before<kRectify>(d, load(d, tile + r * channels + c)), p);
        sum = hn::Add(sum, v);
        square = hn::MulAdd(v, v, square);
      }
      add_lanes(d, sum, sums + c);
      add_lanes(d, square, squares + c);
    });
  }
}

template <Rectify kRectify, class T>
void normalise_rows(const T* x, int64_t rows, int64_t channels,
                    const NormTable& t, T* y) {
  for (int64_t begin = 0; begin < rows; begin += kTile) {
    const int64_t n = std::min(kTile, rows - begin);
    over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
      const auto scale = hn::LoadU(d, t.scale + c);
      const auto shift = hn::LoadU(d, t.shift + c);
      for (int64_t r = begin; r < begin + n; ++r) {
        const int64_t at = r * channels + c;
        auto v = rectified_before<kRectify>(d, load(d, x + at));
        v = hn::MulAdd(v, scale, shift);
        if constexpr (kRectify == Rectify::kAfter) v = relu(d, v);
        store(d, v, y + at);
      }
    });
  }
}

// The gradient of the normalised value: zero where the ReLU behind it closed.
template <Rectify kRectify, class D, class T>
HWY_INLINE hn::Vec<D> opened(D d, const T* gradient, hn::Vec<D> v,
                             hn::Vec<D> scale, hn::Vec<D> shift) {
  const auto g = load(d, gradient);
  if constexpr (kRectify != Rectify::kAfter) return g;
  return hn::IfThenElseZero(hn::Gt(hn::MulAdd(v, scale, shift), hn::Zero(d)),
                            g);
}

template <Rectify kRectify, class T>
void gradient_sums_of(const T* gradient, const T* x, int64_t rows,
                      int64_t channels, const NormTable& t, double* sums,
                      double* products) {
  for (int64_t begin = 0; begin < rows; begin += kTile) {
    const int64_t n = std::min(kTile, rows - begin);
    over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
      const auto mean = hn::LoadU(d, t.mean + c);
      const auto scale = hn::LoadU(d, t.scale + c);
      const auto shift = hn::LoadU(d, t.shift + c);
      auto sum = hn::Zero(d), product = hn::Zero(d);
      for (int64_t r = begin; r < begin + n; ++r) {
        const int64_t at = r * channels + c;
        const auto v = rectified_before<kRectify>(d, load(d, x + at));
        const auto g = opened<kRectify>(d, gradient + at, v, scale, shift);
        sum = hn::Add(sum, g);
        product = hn::MulAdd(g, hn::Sub(v, mean), product);
      }
      add_lanes(d, sum, sums + c);
      add_lanes(d, product, products + c);
    });
  }
}

template <Rectify kRectify, class T>
void input_gradient_of(const T* gradient, const T* x, int64_t rows,
                       int64_t channels, const NormTable& t,
                       const GradientTable& k, T* dx) {
  const float *gains = k.gain.data(), *slopes = k.slope.data(),
              *offsets = k.offset.data();
  for (int64_t begin = 0; begin < rows; begin += kTile) {
    const int64_t n = std::min(kTile, rows - begin);
    over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
      const auto mean = hn::LoadU(d, t.mean + c);
      const auto scale = hn::LoadU(d, t.scale + c);
      const auto shift = hn::LoadU(d, t.shift + c);
      const auto gain = hn::LoadU(d, gains + c);
      const auto slope = hn::LoadU(d, slopes + c);
      const auto offset = hn::LoadU(d, offsets + c);
      for (int64_t r = begin; r < begin + n; ++r) {
        const int64_t at = r * channels + c;
        const auto v = rectified_before<kRectify>(d, load(d, x + at));
        const auto g = opened<kRectify>(d, gradient + at, v, scale, shift);
        auto dv =
            hn::MulAdd(gain, g, hn::MulAdd(slope, hn::Sub(v, mean), offset));
        if constexpr (kRectify == Rectify::kBefore)
          dv = hn::IfThenElseZero(hn::Gt(v, hn::Zero(d)), dv);
        store(d, dv, dx + at);
      }
    });
  }
}

template <Rectify kRectify, class T>
BatchNormLoops<T> loops_for() {
  return {&moments_of<kRectify, T>, &normalise_rows<kRectify, T>,
          &gradient_sums_of<kRectify, T>, &input_gradient_of<kRectify, T>};
}

template <class T>
BatchNormLoops<T> loops(Rectify rectify) {
  if (rectify == Rectify::kBefore) return loops_for<Rectify::kBefore, T>();
  if (rectify == Rectify::kAfter) return loops_for<Rectify::kAfter, T>();
  return loops_for<Rectify::kNone, T>();
}

// Highway chooses among functions, not among templates.
BatchNormLoops<float> float_loops(Rectify rectify) {
  return loops<float>(rectify);
}
BatchNormLoops<Bf16> bf16_loops(Rectify rectify) {
  return loops<Bf16>(rectify);
}

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fer {

HWY_EXPORT(float_loops);
HWY_EXPORT(bf16_loops);

template <>
BatchNormLoops<float> batch_norm_loops<float>(Rectify rectify) {
  return HWY_DYNAMIC_DISPATCH(float_loops)(rectify);
}
template <>
BatchNormLoops<Bf16> batch_norm_loops<Bf16>(Rectify rectify) {
  return HWY_DYNAMIC_DISPATCH(bf16_loops)(rectify);
}

}  // namespace fer
#endif
