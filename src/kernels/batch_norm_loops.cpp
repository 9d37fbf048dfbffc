#include "kernels/batch_norm_loops.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/batch_norm_loops.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/cache_control.h>
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

// exp(x) for x in [-87, 87], within 2e-7 of it: 2^n exp(r), x = n log 2 + r
// with |r| <= log(2) / 2. Adding kRound leaves n in the last bits; the
// polynomial interpolates exp at Chebyshev's points.
template <class D>
HWY_INLINE hn::Vec<D> exponential(D d, hn::Vec<D> x) {
  constexpr float kRound = 12582912.0f;  // 1.5 * 2^23
  const hn::RebindToSigned<D> di;
  const auto shifted =
      hn::MulAdd(x, hn::Set(d, 1.44269504f), hn::Set(d, kRound));
  const auto n = hn::Sub(shifted, hn::Set(d, kRound));
  // log 2 in two parts, so that the first product is exact.
  auto r = hn::NegMulAdd(n, hn::Set(d, 0.693359375f), x);
  r = hn::MulAdd(n, hn::Set(d, 2.12194440e-4f), r);
  auto sum = hn::Set(d, 0.0013941119f);
  for (const float factor :
       {0.0083751348f, 0.041666353f, 0.16666415f, 0.5f, 1.0f, 1.0f})
    sum = hn::MulAdd(sum, r, hn::Set(d, factor));
  const auto power = hn::ShiftLeft<23>(hn::BitCast(di, shifted));
  return hn::BitCast(d, hn::Add(hn::BitCast(di, sum), power));
}

template <class D>
struct Sigmoid {
  hn::Vec<D> value, rest;  // rest: 1 - value, exact where value is nearly 1
};

// 1 / (1 + exp(-z)), a division in all but name: those of whole vectors are
// slow. The bounds keep infinity out of Newton's step.
template <class D>
HWY_INLINE Sigmoid<D> sigmoid(D d, hn::Vec<D> z) {
  const auto bound = hn::Set(d, 87.0f), one = hn::Set(d, 1.0f);
  const auto power =
      exponential(d, hn::Max(hn::Min(hn::Neg(z), bound), hn::Neg(bound)));
  const auto divisor = hn::Add(one, power);
  const auto guess = hn::ApproximateReciprocal(divisor);
  const auto value =
      hn::MulAdd(guess, hn::NegMulAdd(divisor, guess, one), guess);
  return {value, hn::Mul(power, value)};
}

template <Rectify kRectify, class D>
HWY_INLINE hn::Vec<D> activated(D d, hn::Vec<D> z) {
  if constexpr (kRectify == Rectify::kAfter) return relu(d, z);
  if constexpr (kRectify == Rectify::kSwishAfter)
    return hn::Mul(z, sigmoid(d, z).value);
  return z;
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
        store(d, activated<kRectify>(d, v), y + at);
      }
    });
  }
}

// The gradient of the normalised value, from that of what stands behind it.
template <Rectify kRectify, class D, class T>
HWY_INLINE hn::Vec<D> opened(D d, const T* gradient, hn::Vec<D> v,
                             hn::Vec<D> scale, hn::Vec<D> shift) {
  const auto g = load(d, gradient);
  if constexpr (kRectify == Rectify::kAfter) {
    return hn::IfThenElseZero(hn::Gt(hn::MulAdd(v, scale, shift), hn::Zero(d)),
                              g);
  } else if constexpr (kRectify == Rectify::kSwishAfter) {
    const auto z = hn::MulAdd(v, scale, shift);
    const auto s = sigmoid(d, z);
    // (z s)' = s + z s (1 - s)
    return hn::Mul(g, hn::MulAdd(hn::Mul(z, s.value), s.rest, s.value));
  } else {
    return g;
  }
}

template <Rectify kRectify, class T>
void gradient_sums_of(const T* gradient, const T* x, int64_t rows,
                      int64_t channels, const NormTable& t, T* opened_to,
                      double* sums, double* products) {
  for (int64_t begin = 0; begin < rows; begin += kTile) {
    const int64_t n = std::min(kTile, rows - begin);
    over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
      const auto mean = hn::LoadU(d, t.mean + c);
      const auto scale = hn::LoadU(d, t.scale + c);
      const auto shift = hn::LoadU(d, t.shift + c);
      auto sum = hn::Zero(d), product = hn::Zero(d);
      for (int64_t r = begin; r < begin + n; ++r) {
        const int64_t at = r * channels + c;
        // x was written long ago; processors do not foresee columns of rows.
        hwy::Prefetch(x + at + kTile * channels);
        hwy::Prefetch(gradient + at + kTile * channels);
        const auto v = rectified_before<kRectify>(d, load(d, x + at));
        const auto g = opened<kRectify>(d, gradient + at, v, scale, shift);
        if constexpr (kRectify == Rectify::kSwishAfter)
          store(d, g, opened_to + at);
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
  // The gradient sums have opened a Swish.
  constexpr Rectify kLeft =
      kRectify == Rectify::kSwishAfter ? Rectify::kNone : kRectify;
  return {&moments_of<kLeft, T>, &normalise_rows<kRectify, T>,
          &gradient_sums_of<kRectify, T>, &input_gradient_of<kLeft, T>};
}

template <class T>
BatchNormLoops<T> loops(Rectify rectify) {
  if (rectify == Rectify::kBefore) return loops_for<Rectify::kBefore, T>();
  if (rectify == Rectify::kAfter) return loops_for<Rectify::kAfter, T>();
  if (rectify == Rectify::kSwishAfter)
    return loops_for<Rectify::kSwishAfter, T>();
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
