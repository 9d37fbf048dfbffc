// Products of vectors with the matrices of a Winograd scheme, in one and two
// dimensions. Included again for each target; see hwy/foreach_target.h.
#if defined(FER_WINOGRAD_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FER_WINOGRAD_LANES_INL_H_
#undef FER_WINOGRAD_LANES_INL_H_
#else
#define FER_WINOGRAD_LANES_INL_H_
#endif

#include <hwy/highway.h>

#include "kernels/winograd_scheme.h"

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// sum + coefficient * v; coefficients are known when this is compiled.
template <class M, int kRow, int kColumn, class D, class V = hn::Vec<D>>
HWY_INLINE V plus_term(D d, V sum, V v) {
  constexpr float k = M::kMatrix.value[kRow][kColumn];
  if constexpr (k == 0) return sum;
  if constexpr (k == 1) return hn::Add(sum, v);
  if constexpr (k == -1) return hn::Sub(sum, v);
  return hn::MulAdd(hn::Set(d, k), v, sum);
}

// The terms of one row at columns kAt, kAt + kStep, ... on top of `sum`.
template <class M, int kRow, int kAt, int kStep, class D, class V = hn::Vec<D>>
HWY_INLINE V plus_row(D d, V sum, const V* in) {
  if constexpr (kAt < M::kMatrix.kColumns) {
    sum = plus_term<M, kRow, kAt>(d, sum, in[kAt]);
    return plus_row<M, kRow, kAt + kStep, kStep>(d, sum, in);
  } else {
    return sum;
  }
}

// The same, from nothing; leading zeros are left out.
template <class M, int kRow, int kAt, int kStep, class D, class V = hn::Vec<D>>
HWY_INLINE V row_sum(D d, const V* in) {
  if constexpr (kAt >= M::kMatrix.kColumns) {
    return hn::Zero(d);
  } else {
    constexpr float k = M::kMatrix.value[kRow][kAt];
    if constexpr (k == 0) {
      return row_sum<M, kRow, kAt + kStep, kStep>(d, in);
    } else if constexpr (k == 1) {
      return plus_row<M, kRow, kAt + kStep, kStep>(d, in[kAt], in);
    } else {
      return plus_row<M, kRow, kAt + kStep, kStep>(
          d, hn::Mul(hn::Set(d, k), in[kAt]), in);
    }
  }
}

// out[kRows] = M in[kColumns]: the rows of a pair share their two halves.
template <class M, int kRow = 0, class D, class V = hn::Vec<D>>
HWY_INLINE void spread(D d, const V* in, V* out) {
  constexpr int kLast = M::kMatrix.kRows - 1;
  if constexpr (kRow == 0 || kRow == kLast) {
    out[kRow] = row_sum<M, kRow, 0, 1>(d, in);
    if constexpr (kRow == 0) spread<M, 1>(d, in, out);
  } else {
    const V even = row_sum<M, kRow, 0, 2>(d, in);
    const V odd = row_sum<M, kRow, 1, 2>(d, in);
    out[kRow] = hn::Add(even, odd);
    out[kRow + 1] = hn::Sub(even, odd);
    spread<M, kRow + 2>(d, in, out);
  }
}

// One value of M' in: `in` holds sums of pairs at odd places, differences
// behind them.
template <class M, int kColumn, int kRow, class D, class V = hn::Vec<D>>
HWY_INLINE V plus_pairs(D d, V sum, const V* in) {
  constexpr int kLast = M::kMatrix.kRows - 1;
  if constexpr (kRow < kLast) {
    sum = plus_term<M, kRow, kColumn>(d, sum, in[kRow + kColumn % 2]);
    return plus_pairs<M, kColumn, kRow + 2>(d, sum, in);
  } else {
    return plus_term<M, kLast, kColumn>(d, sum, in[kLast]);
  }
}

template <class M, int kColumn, class D, class V = hn::Vec<D>>
HWY_INLINE void gather_columns(D d, const V* in, V* out) {
  if constexpr (kColumn < M::kMatrix.kColumns) {
    constexpr float first = M::kMatrix.value[0][kColumn];
    constexpr float second = M::kMatrix.value[1][kColumn];
    if constexpr (first == 0) {
      const V pair = in[1 + kColumn % 2];
      const V start = second == 1 ? pair : hn::Mul(hn::Set(d, second), pair);
      out[kColumn] = plus_pairs<M, kColumn, 3>(d, start, in);
    } else {
      const V start = first == 1 ? in[0] : hn::Mul(hn::Set(d, first), in[0]);
      out[kColumn] = plus_pairs<M, kColumn, 1>(d, start, in);
    }
    gather_columns<M, kColumn + 1>(d, in, out);
  }
}

// out[kColumns] = M' in[kRows].
template <class M, class D, class V = hn::Vec<D>>
HWY_INLINE void gather(D d, const V* in, V* out) {
  constexpr int kRows = M::kMatrix.kRows;
  V folded[kRows];
  folded[0] = in[0];
  folded[kRows - 1] = in[kRows - 1];
  for (int i = 1; i + 1 < kRows; i += 2) {
    folded[i] = hn::Add(in[i], in[i + 1]);
    folded[i + 1] = hn::Sub(in[i], in[i + 1]);
  }
  gather_columns<M, 0>(d, folded, out);
}

// M X M' of a kColumns x kColumns window: load(i, j), then put(point, vector).
template <class M, class D, class Load, class Put>
HWY_INLINE void spread_window(D d, const Load& load_at, const Put& put) {
  using V = hn::Vec<D>;
  constexpr int kRows = M::kMatrix.kRows, kColumns = M::kMatrix.kColumns;
  V half[kRows][kColumns];
  for (int j = 0; j < kColumns; ++j) {
    V in[kColumns], out[kRows];
    for (int i = 0; i < kColumns; ++i) in[i] = load_at(i, j);
    spread<M>(d, in, out);
    for (int i = 0; i < kRows; ++i) half[i][j] = out[i];
  }
  for (int i = 0; i < kRows; ++i) {
    V out[kRows];
    spread<M>(d, half[i], out);
    for (int j = 0; j < kRows; ++j) put(i * kRows + j, out[j]);
  }
}

// M' Y M of kRows x kRows points: load(point), then put(i, j, vector).
template <class M, class D, class Load, class Put>
HWY_INLINE void gather_window(D d, const Load& load_at, const Put& put) {
  using V = hn::Vec<D>;
  constexpr int kRows = M::kMatrix.kRows, kColumns = M::kMatrix.kColumns;
  V half[kColumns][kRows];
  for (int j = 0; j < kRows; ++j) {
    V in[kRows], out[kColumns];
    for (int i = 0; i < kRows; ++i) in[i] = load_at(i * kRows + j);
    gather<M>(d, in, out);
    for (int i = 0; i < kColumns; ++i) half[i][j] = out[i];
  }
  for (int i = 0; i < kColumns; ++i) {
    V out[kColumns];
    gather<M>(d, half[i], out);
    for (int j = 0; j < kColumns; ++j) put(i, j, out[j]);
  }
}

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
