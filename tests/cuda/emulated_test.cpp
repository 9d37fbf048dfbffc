// That the emulation of a GPU shows what it is there to show.
#include <gtest/gtest.h>

#include <vector>

#include "cuda/launch.h"

namespace fer {
namespace {

__global__ void number(std::vector<unsigned>* places) {
  const unsigned block = blockIdx.y * gridDim.x + blockIdx.x;
  const unsigned thread = threadIdx.y * blockDim.x + threadIdx.x;
  (*places)[block * blockDim.x * blockDim.y + thread] += block * 100 + thread;
}

TEST(Emulated, RunsEveryThreadOfEveryBlockOnce) {
  std::vector<unsigned> places(2 * 3 * 4 * 5);
  EXPECT_EQ(launch(nullptr, dim3(2, 3), dim3(4, 5), number, &places), nullptr);
  for (unsigned i = 0; i < places.size(); ++i)
    EXPECT_EQ(places[i], i / 20 * 100 + i % 20);
}

// Every thread takes what its neighbour has written.
__global__ void shift(std::vector<int>* found, bool waits) {
  __shared__ int values[8];
  values[threadIdx.x] = -1;
  __syncthreads();
  values[threadIdx.x] = static_cast<int>(threadIdx.x);
  if (waits) __syncthreads();
  (*found)[threadIdx.x] = values[(threadIdx.x + 1) % 8];
}

TEST(Emulated, ShowsAForgottenBarrier) {
  std::vector<int> found(8);
  const std::vector<int> expected{1, 2, 3, 4, 5, 6, 7, 0};
  for (const Order order : {Order::kForward, Order::kBackward}) {
    emulated_order = order;
    launch(nullptr, dim3(1), dim3(8), shift, &found, true);
    EXPECT_EQ(found, expected);
    launch(nullptr, dim3(1), dim3(8), shift, &found, false);
    EXPECT_NE(found, expected);
  }
  emulated_order = Order::kForward;
}

__global__ void leave_early() {
  if (threadIdx.x == 3) return;
  __syncthreads();
}

TEST(EmulatedDeathTest, EndsWhereABarrierIsNotReachedByAll) {
  EXPECT_DEATH(launch(nullptr, dim3(1), dim3(8), leave_early),
               "1 of 8 have returned before one");
}

TEST(Emulated, RefusesWhatAGpuRefuses) {
  EXPECT_STREQ(launch(nullptr, dim3(1), dim3(2048), leave_early),
               "invalid configuration argument");
  EXPECT_STREQ(launch(nullptr, dim3(0), dim3(32), leave_early),
               "invalid configuration argument");
}

}  // namespace
}  // namespace fer
