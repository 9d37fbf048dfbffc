// What one thread of a kernel over rows of channels has to do: its rows, its
// channels, and some channels at once from and to memory. For .cu files.
#pragma once

#include <cuda_bf16.h>

#include <initializer_list>

#include "cuda/launch.h"
#include "cuda/norm_passes.h"

namespace fer {

inline constexpr unsigned kBlockThreads = 256;

/// Storage of kWidth values side by side, read and written at once.
template <class T, int kWidth>
struct alignas(sizeof(T) * kWidth) Pack {
  T at[kWidth];
};

/// The same in registers.
template <int kWidth>
struct Lanes {
  float at[kWidth];
};

__device__ inline float widened(float value) { return value; }
__device__ inline float widened(Bf16 value) {
  return __uint_as_float(static_cast<unsigned>(value.bits) << 16);
}

__device__ inline void narrow(float value, float& to) { to = value; }
// To the nearest, ties to even; NaN stays NaN.
__device__ inline void narrow(float value, Bf16& to) {
  to.bits = __bfloat16_as_ushort(__float2bfloat16_rn(value));
}

template <int kWidth, class T>
__device__ Lanes<kWidth> load(const T* from) {
  const auto pack = *reinterpret_cast<const Pack<T, kWidth>*>(from);
  Lanes<kWidth> lanes;
#pragma unroll
  for (int k = 0; k < kWidth; ++k) lanes.at[k] = widened(pack.at[k]);
  return lanes;
}

template <int kWidth, class T>
__device__ void store(const Lanes<kWidth>& lanes, T* to) {
  Pack<T, kWidth> pack;
#pragma unroll
  for (int k = 0; k < kWidth; ++k) narrow(lanes.at[k], pack.at[k]);
  *reinterpret_cast<Pack<T, kWidth>*>(to) = pack;
}

/// max(v, 0) that lets NaN through: a diverged run must show.
__device__ inline float relu(float v) { return v <= 0 ? 0 : v; }

template <int kWidth, class T>
__device__ Lanes<kWidth> load_rectified(const T* from, bool rectify) {
  Lanes<kWidth> lanes = load<kWidth>(from);
#pragma unroll
  for (int k = 0; k < kWidth; ++k)
    lanes.at[k] = rectify ? relu(lanes.at[k]) : lanes.at[k];
  return lanes;
}

/// Threads of a block: x over channels, so that neighbours read side by side; y
/// over rows. Blocks: x over rows, y over channels.
struct RowGrid {
  dim3 blocks, threads;
};

/// kWidth divides the channels.
template <int kWidth>
RowGrid row_grid(RowShape rows) {
  const auto packs = static_cast<unsigned>(rows.channels / kWidth);
  unsigned lanes = 1;
  while (lanes < packs && lanes < 32) lanes *= 2;
  return {dim3(static_cast<unsigned>(norm_blocks(rows)),
               (packs + lanes - 1) / lanes),
          dim3(lanes, kBlockThreads / lanes)};
}

/// Rows first, first + step, ... below end; kWidth channels from `channel` on,
/// which lie beyond the last for threads that have nothing to do.
struct Share {
  uint32_t first, end, step;
  int64_t channel;
};

template <int kWidth>
__device__ Share my_share(RowShape rows) {
  const int64_t block = blockIdx.x, blocks = gridDim.x;
  const int64_t begin = rows.count * block / blocks;
  return {
      static_cast<uint32_t>(begin) + threadIdx.y,
      static_cast<uint32_t>(rows.count * (block + 1) / blocks), blockDim.y,
      (static_cast<int64_t>(blockIdx.y) * blockDim.x + threadIdx.x) * kWidth};
}

/// action(Pack<T, kWidth>()) with the type of the activations, and four
/// channels at once where all pointers allow it.
template <class Action>
const char* by_pack(const CudaNormInput& in,
                    std::initializer_list<const void*> pointers,
                    const Action& action) {
  bool wide = in.shape.channels % 4 == 0;
  for (const void* pointer : pointers)
    wide = wide && reinterpret_cast<uintptr_t>(pointer) % 16 == 0;
  if (in.bf16) return wide ? action(Pack<Bf16, 4>()) : action(Pack<Bf16, 1>());
  return wide ? action(Pack<float, 4>()) : action(Pack<float, 1>());
}

}  // namespace fer
