// Vectors of floats from and to storage, for every target of Highway.
// Included again for each target; see hwy/foreach_target.h.
#if defined(FER_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FER_LANES_INL_H_
#undef FER_LANES_INL_H_
#else
#define FER_LANES_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "kernels/activations.h"

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
HWY_INLINE hn::Vec<D> load(D d, const float* from) {
  return hn::LoadU(d, from);
}

template <class D>
HWY_INLINE hn::Vec<D> load(D d, const Bf16* from) {
  const hn::Rebind<uint16_t, D> d16;
  const hn::RebindToUnsigned<D> d32;
  const auto bits = hn::LoadU(d16, reinterpret_cast<const uint16_t*>(from));
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(d32, bits)));
}

template <class D>
HWY_INLINE void store(D d, hn::Vec<D> v, float* to) {
  hn::StoreU(v, d, to);
}

// To the nearest, ties to even; NaN stays NaN.
template <class D>
HWY_INLINE void store(D, hn::Vec<D> v, Bf16* to) {
  const hn::Rebind<uint16_t, D> d16;
  const hn::RebindToUnsigned<D> d32;
  const hn::RebindToSigned<D> i32;
  const auto bits = hn::BitCast(d32, v);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(d32, 1u));
  const auto rounded =
      hn::ShiftRight<16>(hn::Add(bits, hn::Add(odd, hn::Set(d32, 0x7FFFu))));
  const auto nan = hn::RebindMask(d32, hn::Ne(v, v));
  const auto kept = hn::IfThenElse(nan, hn::Set(d32, 0x7FC0u), rounded);
  hn::StoreU(hn::DemoteTo(d16, hn::BitCast(i32, kept)), d16,
             reinterpret_cast<uint16_t*>(to));
}

// Bytes as 32-bit integers, one a lane, and back.
template <class D>
HWY_INLINE hn::Vec<hn::RebindToSigned<D>> load_bytes(D, const uint8_t* from) {
  const hn::Rebind<uint8_t, D> d8;
  return hn::PromoteTo(hn::RebindToSigned<D>(), hn::LoadU(d8, from));
}

template <class D>
HWY_INLINE void store_bytes(D, hn::Vec<hn::RebindToSigned<D>> v, uint8_t* to) {
  const hn::Rebind<uint8_t, D> d8;
  hn::StoreU(hn::DemoteTo(d8, v), d8, to);
}

// max(v, 0) that lets NaN through: a diverged run must show.
template <class D>
HWY_INLINE hn::Vec<D> relu(D d, hn::Vec<D> v) {
  return hn::IfThenZeroElse(hn::Le(v, hn::Zero(d)), v);
}

template <Rectify kRectify, class D>
HWY_INLINE hn::Vec<D> rectified_before(D d, hn::Vec<D> v) {
  if constexpr (kRectify == Rectify::kBefore) return relu(d, v);
  return v;
}

// Adds float lanes to doubles in memory.
template <class D>
HWY_INLINE void add_lanes(D d, hn::Vec<D> v, double* to) {
  const hn::CappedTag<double, hn::MaxLanes(D())> wide;
  const hn::Rebind<float, decltype(wide)> narrow;
  HWY_ALIGN float lanes[hn::MaxLanes(D())];
  hn::Store(v, d, lanes);
  for (size_t i = 0; i < hn::Lanes(d); i += hn::Lanes(wide)) {
    const auto part = hn::PromoteTo(wide, hn::LoadU(narrow, lanes + i));
    hn::StoreU(hn::Add(hn::LoadU(wide, to + i), part), wide, to + i);
  }
}

// op(tag, first) for all channels: whole vectors, vectors of eight (networks
// like multiples of it), then one by one.
template <class Op>
HWY_INLINE void over_channels(int64_t channels, const Op& op) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 1> one;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t c = 0;
  for (; c + lanes <= channels; c += lanes) op(d, c);
  if constexpr (hn::MaxLanes(hn::ScalableTag<float>()) > 8) {
    const hn::CappedTag<float, 8> eight;
    for (; c + 8 <= channels; c += 8) op(eight, c);
  }
  for (; c < channels; ++c) op(one, c);
}

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
