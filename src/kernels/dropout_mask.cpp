#include "kernels/dropout_mask.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/blocks.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/dropout_mask.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<uint64_t>;
using V = hn::Vec<D>;

// Philox4x32-10 (see core/philox.h), one counter a lane: 32-bit words in the
// lower halves of 64-bit lanes, where products find them. Upper halves hold
// rubbish, which no later product reads.
struct Words {
  V w0, w1, w2, w3;
};

// Of the lower halves. A vector of one lane has no 32-bit view; that case is a
// plain product.
template <class Vector>
HWY_INLINE Vector product(Vector a, Vector b) {
  const D d;
  if constexpr (hn::MaxLanes(D()) == 1) {
    const auto low = hn::Set(d, 0xFFFFFFFFu);
    return Vector(hn::GetLane(hn::And(a, low)) * hn::GetLane(hn::And(b, low)));
  } else {
    const hn::Repartition<uint32_t, D> d32;
    return hn::MulEven(hn::BitCast(d32, a), hn::BitCast(d32, b));
  }
}

HWY_INLINE Words philox(V counter, uint64_t key) {
  const D d;
  Words c{counter, hn::Zero(d), hn::Zero(d), hn::Set(d, kDropoutPurpose)};
  auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const V p0 = product(c.w0, hn::Set(d, 0xD2511F53u));
    const V p1 = product(c.w2, hn::Set(d, 0xCD9E8D57u));
    c = {hn::Xor(hn::ShiftRight<32>(p1), hn::Xor(c.w1, hn::Set(d, k0))), p1,
         hn::Xor(hn::ShiftRight<32>(p0), hn::Xor(c.w3, hn::Set(d, k1))), p0};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return c;
}

// 1 in the byte `kByte` of each lane whose word is kept.
template <int kByte>
HWY_INLINE V kept(V word, V threshold) {
  const D d;
  const hn::RebindToSigned<D> di;
  const V low = hn::And(word, hn::Set(d, 0xFFFFFFFFu));
  const auto drop = hn::Gt(hn::BitCast(di, threshold), hn::BitCast(di, low));
  return hn::BitCast(
      d, hn::IfThenZeroElse(drop, hn::Set(di, int64_t{1} << (8 * kByte))));
}

// Values [4 * begin, 4 * end), written from `keep` on.
void mask_counters(uint64_t key, uint64_t threshold, int64_t begin, int64_t end,
                   uint8_t* keep) {
  const D d;
  const V limit = hn::Set(d, threshold);
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  HWY_ALIGN uint64_t bytes[hn::MaxLanes(D())];
  for (int64_t i = begin; i < end; i += lanes) {
    const Words w = philox(hn::Iota(d, static_cast<uint64_t>(i)), key);
    hn::Store(hn::Or(hn::Or(kept<0>(w.w0, limit), kept<1>(w.w1, limit)),
                     hn::Or(kept<2>(w.w2, limit), kept<3>(w.w3, limit))),
              d, bytes);
    for (int64_t j = 0; j < std::min(lanes, end - i); ++j)
      std::memcpy(keep + 4 * (i - begin + j), bytes + j, 4);
  }
}

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fer {

HWY_EXPORT(mask_counters);

void dropout_mask(uint64_t key, double rate, int64_t count, uint8_t* keep) {
  if (rate <= 0) {
    std::fill_n(keep, count, uint8_t{1});
    return;
  }
  const uint64_t threshold = dropout_threshold(rate);
  const int64_t whole = count / 4;  // counters that fill all four bytes
  const int64_t blocks = block_count(whole);
  run_blocks(blocks, [&](int64_t index) {
    const Block block = block_at(index, blocks, whole);
    HWY_DYNAMIC_DISPATCH(mask_counters)
    (key, threshold, block.begin, block.end, keep + 4 * block.begin);
  });
  if (count % 4 == 0) return;
  uint8_t last[4];
  HWY_DYNAMIC_DISPATCH(mask_counters)
  (key, threshold, whole, whole + 1, last);
  std::copy_n(last, count % 4, keep + 4 * whole);
}

}  // namespace fer
#endif
