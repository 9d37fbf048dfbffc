// Stands in front of src/cuda/launch.h, so that a .cu file is plain C++ and its
// kernels run on the CPU, without a GPU and without NVIDIA's toolkit: the tests
// hold the kernels themselves, under the sanitizers if asked, not a copy.
//
// Blocks run one after the other, the threads of a block too, each from one
// __syncthreads() to the next. A forgotten barrier gives a wrong value in one
// of the two orders (see Order). What this cannot show: shared memory that is
// read before it is written holds zeros or what a block before left; no warps,
// so no warp intrinsics; nothing about speed.
#pragma once

#include <cuda_runtime_api.h>
#include <math.h>

#include <bit>
#include <cstdint>
#include <functional>

#define __global__
#define __device__
#define __shared__ static

// Of the thread that runs.
inline dim3 threadIdx, blockIdx, blockDim, gridDim;

/// The rest of the block comes here, too, before this thread goes on. Ends the
/// program where some threads of a block have returned by then.
void __syncthreads();

inline float __uint_as_float(unsigned bits) {
  return std::bit_cast<float>(bits);
}

namespace fer {

/// Of the threads between two barriers, and of the blocks.
enum class Order { kForward, kBackward };
inline Order emulated_order = Order::kForward;

/// kernel() once for every thread of every block; the error, or null.
const char* run_emulated(dim3 blocks, dim3 threads,
                         const std::function<void()>& kernel);

template <class... Parameters, class... Arguments>
const char* launch(cudaStream_t, dim3 blocks, dim3 threads,
                   void (*kernel)(Parameters...),
                   const Arguments&... arguments) {
  return run_emulated(blocks, threads, [&] { kernel(arguments...); });
}

}  // namespace fer
