// The float loop of peak_flops, for every target of Highway.
#include "kernels/peak_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/peak_fp32.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Twelve sums: two multiply-adds a cycle with a latency of four need eight, and
// AVX2 has sixteen registers. Each tends to 1, so nothing over- or underflows.
int64_t multiply_add(int64_t rounds) {
  const hn::ScalableTag<float> d;
  const auto keep = hn::Set(d, 0.75f), add = hn::Set(d, 0.25f);
  // From twelve starts, or the compiler would see that one sum is enough.
  auto s0 = hn::Set(d, 2.0f), s1 = hn::Set(d, 3.0f), s2 = hn::Set(d, 4.0f),
       s3 = hn::Set(d, 5.0f), s4 = hn::Set(d, 6.0f), s5 = hn::Set(d, 7.0f),
       s6 = hn::Set(d, 8.0f), s7 = hn::Set(d, 9.0f), s8 = hn::Set(d, 10.0f),
       s9 = hn::Set(d, 11.0f), s10 = hn::Set(d, 12.0f), s11 = hn::Set(d, 13.0f);
  for (int64_t i = 0; i < rounds; ++i) {
    s0 = hn::MulAdd(s0, keep, add);
    s1 = hn::MulAdd(s1, keep, add);
    s2 = hn::MulAdd(s2, keep, add);
    s3 = hn::MulAdd(s3, keep, add);
    s4 = hn::MulAdd(s4, keep, add);
    s5 = hn::MulAdd(s5, keep, add);
    s6 = hn::MulAdd(s6, keep, add);
    s7 = hn::MulAdd(s7, keep, add);
    s8 = hn::MulAdd(s8, keep, add);
    s9 = hn::MulAdd(s9, keep, add);
    s10 = hn::MulAdd(s10, keep, add);
    s11 = hn::MulAdd(s11, keep, add);
  }
  const auto low = hn::Min(hn::Min(hn::Min(s0, s1), hn::Min(s2, s3)),
                           hn::Min(hn::Min(s4, s5), hn::Min(s6, s7)));
  const auto all = hn::Min(low, hn::Min(hn::Min(s8, s9), hn::Min(s10, s11)));
  // Read, so that the loop is not left out.
  const bool right = hn::GetLane(all) > 0.0f || rounds == 0;
  return right ? rounds * 12 * 2 * static_cast<int64_t>(hn::Lanes(d)) : 0;
}

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fer {

HWY_EXPORT(multiply_add);

int64_t fp32_peak_loop(int64_t rounds) {
  return HWY_DYNAMIC_DISPATCH(multiply_add)(rounds);
}

}  // namespace fer
#endif
