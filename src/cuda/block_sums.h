// Two sums over rows for each channel, in a fixed order: a thread's rows, then
// the threads of a block, then the blocks. Up to 32 rows of a thread are summed
// in float, all beyond in double. For .cu files.
#pragma once

#include "cuda/row_lanes.h"

namespace fer {

inline constexpr uint32_t kFloatRows = 32;

template <int kWidth>
struct Sums {
  double first[kWidth], second[kWidth];
};

template <int kWidth>
__device__ void add(const Sums<kWidth>& more, Sums<kWidth>& to) {
#pragma unroll
  for (int k = 0; k < kWidth; ++k) {
    to.first[k] += more.first[k];
    to.second[k] += more.second[k];
  }
}

/// terms(row, first, second) adds a row to the float sums.
template <int kWidth, class Terms>
__device__ Sums<kWidth> sum_rows(const Share& share, const Terms& terms) {
  Sums<kWidth> total = {};
  for (uint32_t row = share.first; row < share.end;) {
    const uint32_t left = (share.end - row + share.step - 1) / share.step;
    const uint32_t count = left < kFloatRows ? left : kFloatRows;
    Lanes<kWidth> first = {}, second = {};
#pragma unroll 4
    for (uint32_t i = 0; i < count; ++i, row += share.step)
      terms(row, first, second);
#pragma unroll
    for (int k = 0; k < kWidth; ++k) {
      total.first[k] += static_cast<double>(first.at[k]);
      total.second[k] += static_cast<double>(second.at[k]);
    }
  }
  return total;
}

/// Over the threads of a block that differ in y only; those with y = 0 hold the
/// result. All threads of the block must come here.
template <int kWidth>
__device__ Sums<kWidth> add_up(Sums<kWidth> mine) {
  __shared__ Sums<kWidth> all[kBlockThreads];
  const unsigned here = threadIdx.y * blockDim.x + threadIdx.x;
  all[here] = mine;
  for (unsigned half = blockDim.y / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.y < half) {
      add(all[here + half * blockDim.x], mine);
      all[here] = mine;
    }
  }
  return mine;
}

/// The sums of the block's threads into its place in `sums`, which is
/// [blocks][2][channels]. All threads of the block must come here.
template <int kWidth>
__device__ void leave(const Sums<kWidth>& mine, const Share& share,
                      int64_t channels, double* sums) {
  const Sums<kWidth> block = add_up(mine);
  if (threadIdx.y > 0 || share.channel >= channels) return;
  double* to = sums + 2 * blockIdx.x * channels + share.channel;
#pragma unroll
  for (int k = 0; k < kWidth; ++k) {
    to[k] = block.first[k];
    to[channels + k] = block.second[k];
  }
}

/// What the blocks left, in the threads with y = 0; the others add with them.
/// All threads of the block must come here.
__device__ inline Sums<1> total_of(const double* sums, int64_t blocks,
                                   int64_t channels, int64_t channel) {
  Sums<1> mine = {};
  if (channel < channels) {
    for (int64_t b = threadIdx.y; b < blocks; b += blockDim.y) {
      const double* of_block = sums + 2 * b * channels + channel;
      add({{of_block[0]}, {of_block[channels]}}, mine);
    }
  }
  return add_up(mine);
}

}  // namespace fer
