// The threads of a block as contexts that hand the processor to one another.
#include "cuda/launch.h"

#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace fer {
namespace {

constexpr size_t kStackBytes = 128 << 10;
constexpr unsigned kMostThreads = 1024;

struct Thread {
  ucontext_t context;
  std::unique_ptr<char[]> stack{new char[kStackBytes]};
  bool ended = false;
};

std::vector<Thread> threads;
ucontext_t scheduler;
size_t running = 0;
const std::function<void()>* kernel = nullptr;

void run_thread() {
  (*kernel)();
  threads[running].ended = true;
}

void start(Thread& thread) {
  getcontext(&thread.context);
  thread.context.uc_stack.ss_sp = thread.stack.get();
  thread.context.uc_stack.ss_size = kStackBytes;
  thread.context.uc_link = &scheduler;
  thread.ended = false;
  makecontext(&thread.context, run_thread, 0);
}

// Up to the next barrier, or its end.
void resume(size_t thread) {
  running = thread;
  const auto at = static_cast<unsigned>(thread);
  threadIdx = {at % blockDim.x, at / blockDim.x % blockDim.y,
               at / blockDim.x / blockDim.y};
  swapcontext(&scheduler, &threads[thread].context);
}

size_t in_order(size_t i, size_t n) {
  return emulated_order == Order::kForward ? i : n - 1 - i;
}

void run_block(size_t n) {
  for (size_t i = 0; i < n; ++i) start(threads[i]);
  size_t ended = 0;
  while (ended == 0) {
    for (size_t i = 0; i < n; ++i) {
      const size_t thread = in_order(i, n);
      resume(thread);
      ended += threads[thread].ended;
    }
  }
  if (ended == n) return;
  std::fprintf(stderr,
               "[emulated] expected all threads of a block at the same "
               "barriers; %zu of %zu have returned before one.\n",
               ended, n);
  std::abort();
}

}  // namespace

const char* run_emulated(dim3 blocks, dim3 block,
                         const std::function<void()>& work) {
  const size_t n = size_t{block.x} * block.y * block.z;
  const size_t count = size_t{blocks.x} * blocks.y * blocks.z;
  if (n == 0 || n > kMostThreads || count == 0 || blocks.y > 65535 ||
      blocks.z > 65535)
    return "invalid configuration argument";
  if (threads.size() < n) threads.resize(n);
  kernel = &work;
  gridDim = blocks;
  blockDim = block;
  for (size_t i = 0; i < count; ++i) {
    const auto at = static_cast<unsigned>(in_order(i, count));
    blockIdx = {at % blocks.x, at / blocks.x % blocks.y,
                at / blocks.x / blocks.y};
    run_block(n);
  }
  return nullptr;
}

}  // namespace fer

void __syncthreads() {
  using namespace fer;
  swapcontext(&threads[running].context, &scheduler);
}
