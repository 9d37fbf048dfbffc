#include "kernels/products.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/products.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Rows that are summed at the same time: with two vectors each they and the
// operands fill the registers.
constexpr int kMostRows = HWY_TARGET <= HWY_AVX3 ? 12 : 6;

// One panel: b and c begin at its column.
struct Strip {
  LeftFactor a;
  const float* b;
  int64_t b_step, depth;
  float* c;
  int64_t c_step;
};

// kRows rows by kVectors vectors. Rows are addressed in threes from one
// pointer (x86 adds once and twice a step for nothing): else twelve pointers
// would not fit into the registers.
template <int kRows, int kVectors, class D>
HWY_INLINE void rows_by_vectors(D d, const Strip& s, bool add) {
  using V = hn::Vec<D>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  constexpr int kThrees = (kRows + 2) / 3;
  const float* a[kThrees];
  HWY_UNROLL(4)
  for (int g = 0; g < kThrees; ++g) a[g] = s.a.data + 3 * g * s.a.row_step;
  V sum[kRows][kVectors];
  HWY_UNROLL(12)
  for (int i = 0; i < kRows; ++i) {
    HWY_UNROLL(2)
    for (int j = 0; j < kVectors; ++j) {
      sum[i][j] =
          add ? hn::LoadU(d, s.c + i * s.c_step + j * lanes) : hn::Zero(d);
    }
  }
  const float* b = s.b;
  const int64_t row_step = s.a.row_step, depth_step = s.a.depth_step;
  for (int64_t k = 0; k < s.depth; ++k, b += s.b_step) {
    V right[kVectors];
    HWY_UNROLL(2)
    for (int j = 0; j < kVectors; ++j) right[j] = hn::LoadU(d, b + j * lanes);
    HWY_UNROLL(12)
    for (int i = 0; i < kRows; ++i) {
      const V left = hn::Set(d, a[i / 3][i % 3 * row_step]);
      HWY_UNROLL(2)
      for (int j = 0; j < kVectors; ++j)
        sum[i][j] = hn::MulAdd(left, right[j], sum[i][j]);
    }
    HWY_UNROLL(4)
    for (int g = 0; g < kThrees; ++g) a[g] += depth_step;
  }
  HWY_UNROLL(12)
  for (int i = 0; i < kRows; ++i) {
    HWY_UNROLL(2)
    for (int j = 0; j < kVectors; ++j)
      hn::StoreU(sum[i][j], d, s.c + i * s.c_step + j * lanes);
  }
}

template <int kRows, int kVectors, class D>
HWY_INLINE int64_t take_rows(D d, Strip& s, int64_t rows, bool add) {
  for (; rows >= kRows; rows -= kRows) {
    rows_by_vectors<kRows, kVectors>(d, s, add);
    s.a.data += kRows * s.a.row_step;
    s.c += kRows * s.c_step;
  }
  return rows;
}

template <int kVectors, class D>
HWY_INLINE void all_rows(D d, Strip s, int64_t rows, bool add) {
  rows = take_rows<kMostRows, kVectors>(d, s, rows, add);
  if constexpr (kMostRows > 8) rows = take_rows<8, kVectors>(d, s, rows, add);
  rows = take_rows<4, kVectors>(d, s, rows, add);
  take_rows<1, kVectors>(d, s, rows, add);
}

void multiply_panels(const LeftFactor& a, const RightFactor& b,
                     ProductShape shape, bool add, float* c) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 1> one;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const float* panel = b.data;
  for (int64_t first = 0; first < shape.columns;
       first += 2 * lanes, panel += b.panel_step) {
    const int64_t width = std::min(2 * lanes, shape.columns - first);
    Strip s{a, panel, b.depth_step, shape.depth, c + first, shape.columns};
    if (width == 2 * lanes) {
      all_rows<2>(d, s, shape.rows, add);
      continue;
    }
    int64_t at = 0;
    const auto next = [&](int64_t step) {
      at += step;
      s.b += step;
      s.c += step;
    };
    for (; at + lanes <= width; next(lanes)) all_rows<1>(d, s, shape.rows, add);
    for (; at < width; next(1)) all_rows<1>(one, s, shape.rows, add);
  }
}

int64_t panel_columns() {
  return 2 * static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>()));
}

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fer {

HWY_EXPORT(multiply_panels);
HWY_EXPORT(panel_columns);

int64_t product_panel() { return HWY_DYNAMIC_DISPATCH(panel_columns)(); }

void multiply(const LeftFactor& a, const RightFactor& b, ProductShape shape,
              bool add, float* c) {
  HWY_DYNAMIC_DISPATCH(multiply_panels)(a, b, shape, add, c);
}

}  // namespace fer
#endif
