#include "core/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace fer {

void parallel_for(size_t n, const std::function<void(size_t, size_t)>& work,
                  size_t grain, unsigned threads) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  grain = std::max<size_t>(1, grain);
  const size_t pieces = (n + grain - 1) / grain;
  if (threads == 1 || pieces <= 1) {
    if (n > 0) work(0, n);
    return;
  }
  std::atomic<size_t> next = 0;
  std::exception_ptr error;
  std::mutex mutex;
  const auto loop = [&] {
    for (size_t piece; (piece = next++) < pieces;) {
      try {
        work(piece * grain, std::min(n, (piece + 1) * grain));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!error) error = std::current_exception();
        next = pieces;
      }
    }
  };
  std::vector<std::jthread> pool;  // join on every way out
  for (size_t i = 1; i < std::min<size_t>(threads, pieces); ++i)
    pool.emplace_back(loop);
  loop();
  pool.clear();
  if (error) std::rethrow_exception(error);
}

}  // namespace fer
