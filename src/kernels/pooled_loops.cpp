#include "kernels/pooled_loops.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/pooled_loops.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "kernels/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {

// The largest so far, where it stands, and its value before the normalisation.
template <class D>
struct Largest {
  hn::Vec<D> value, source;
  hn::Vec<hn::RebindToSigned<D>> place;
};

template <class D>
HWY_INLINE void contend(D d, hn::Vec<D> source, hn::Vec<D> value, int place,
                        Largest<D>& best) {
  const hn::RebindToSigned<D> di;
  const auto larger = hn::Gt(value, best.value);
  best.value = hn::IfThenElse(larger, value, best.value);
  best.source = hn::IfThenElse(larger, source, best.source);
  best.place = hn::IfThenElse(hn::RebindMask(di, larger), hn::Set(di, place),
                              best.place);
  static_cast<void>(d);
}

template <class T>
void normalise_pool_row(const T* x, PooledRow row, const NormTable& t,
                        float factor, uint8_t* choice, T* winner, T* y) {
  const int64_t channels = row.channels, below = row.width * channels;
  over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
    using D = decltype(d);
    const hn::RebindToSigned<D> di;
    const auto scale = hn::LoadU(d, t.scale + c);
    const auto shift = hn::LoadU(d, t.shift + c);
    for (int64_t i = 0; i < row.width / 2; ++i) {
      const T* window = x + 2 * i * channels + c;
      const int64_t at = i * channels + c;
      const auto first = relu(d, load(d, window));
      Largest<D> best{hn::MulAdd(first, scale, shift), first, hn::Zero(di)};
      const T* others[] = {window + channels, window + below,
                           window + below + channels};
      for (int k = 0; k < 3; ++k) {
        const auto v = relu(d, load(d, others[k]));
        contend(d, v, hn::MulAdd(v, scale, shift), k + 1, best);
      }
      const auto keep = hn::Gt(load_bytes(d, choice + at), hn::Zero(di));
      const auto out = hn::Mul(best.value, hn::Set(d, factor));
      store(d, hn::IfThenElseZero(hn::RebindMask(d, keep), out), y + at);
      store(d, best.source, winner + at);
      store_bytes(d,
                  hn::IfThenElse(keep, best.place, hn::Set(di, int{kDropped})),
                  choice + at);
    }
  });
}

template <class T>
void pooled_sums(const T* gradient, const T* winner, const uint8_t* choice,
                 int64_t rows, int64_t channels, float factor,
                 const NormTable& t, double* sums, double* products) {
  constexpr int64_t kTile = 32;
  for (int64_t begin = 0; begin < rows; begin += kTile) {
    const int64_t n = std::min(kTile, rows - begin);
    over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
      using D = decltype(d);
      const hn::RebindToSigned<D> di;
      const auto mean = hn::LoadU(d, t.mean + c);
      auto sum = hn::Zero(d), product = hn::Zero(d);
      for (int64_t r = begin; r < begin + n; ++r) {
        const int64_t at = r * channels + c;
        const auto keep =
            hn::Lt(load_bytes(d, choice + at), hn::Set(di, int{kDropped}));
        const auto g = hn::IfThenElseZero(
            hn::RebindMask(d, keep),
            hn::Mul(load(d, gradient + at), hn::Set(d, factor)));
        sum = hn::Add(sum, g);
        product = hn::MulAdd(g, hn::Sub(load(d, winner + at), mean), product);
      }
      add_lanes(d, sum, sums + c);
      add_lanes(d, product, products + c);
    });
  }
}

template <class T>
void pooled_gradient_row(const T* gradient, const uint8_t* choice, const T* x,
                         PooledRow row, float factor, const NormTable& t,
                         const GradientTable& k, T* dx) {
  const int64_t channels = row.channels, below = row.width * channels;
  const float *gains = k.gain.data(), *slopes = k.slope.data(),
              *offsets = k.offset.data();
  over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
    using D = decltype(d);
    const hn::RebindToSigned<D> di;
    const auto mean = hn::LoadU(d, t.mean + c);
    const auto gain = hn::Mul(hn::LoadU(d, gains + c), hn::Set(d, factor));
    const auto slope = hn::LoadU(d, slopes + c);
    const auto offset = hn::LoadU(d, offsets + c);
    const int64_t steps[] = {0, channels, below, below + channels};
    for (int64_t i = 0; i < row.width / 2; ++i) {
      const int64_t window = 2 * i * channels + c;
      const auto g = hn::Mul(gain, load(d, gradient + i * channels + c));
      const auto place = load_bytes(d, choice + i * channels + c);
      for (int p = 0; p < 4; ++p) {
        const int64_t at = window + steps[p];
        const auto v = load(d, x + at);
        const auto chosen = hn::RebindMask(d, hn::Eq(place, hn::Set(di, p)));
        const auto dv = hn::Add(hn::IfThenElseZero(chosen, g),
                                hn::MulAdd(slope, hn::Sub(v, mean), offset));
        store(d, hn::IfThenElseZero(hn::Gt(v, hn::Zero(d)), dv), dx + at);
      }
    }
  });
}

template <class T>
void uncovered_gradient_of(const T* x, int64_t pixels, int64_t channels,
                           const NormTable& t, const GradientTable& k, T* dx) {
  const float *slopes = k.slope.data(), *offsets = k.offset.data();
  over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
    const auto mean = hn::LoadU(d, t.mean + c);
    const auto slope = hn::LoadU(d, slopes + c);
    const auto offset = hn::LoadU(d, offsets + c);
    for (int64_t i = 0; i < pixels; ++i) {
      const int64_t at = i * channels + c;
      const auto v = load(d, x + at);
      const auto dv = hn::MulAdd(slope, hn::Sub(v, mean), offset);
      store(d, hn::IfThenElseZero(hn::Gt(v, hn::Zero(d)), dv), dx + at);
    }
  });
}

template <class T>
PooledLoops<T> loops_of() {
  return {&normalise_pool_row<T>, &pooled_sums<T>, &pooled_gradient_row<T>,
          &uncovered_gradient_of<T>};
}

// Highway chooses among functions, not among templates.
PooledLoops<float> float_pooled() { return loops_of<float>(); }
PooledLoops<Bf16> bf16_pooled() { return loops_of<Bf16>(); }

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fer {

HWY_EXPORT(float_pooled);
HWY_EXPORT(bf16_pooled);

template <>
PooledLoops<float> pooled_loops<float>() {
  return HWY_DYNAMIC_DISPATCH(float_pooled)();
}
template <>
PooledLoops<Bf16> pooled_loops<Bf16>() {
  return HWY_DYNAMIC_DISPATCH(bf16_pooled)();
}

}  // namespace fer
#endif
