// Work over an index range on all cores.
#pragma once

#include <cstddef>
#include <functional>

namespace fer {

/// Calls work(begin, end) on pieces of [0, n) from several threads; the first
/// exception is thrown again here once all threads have stopped. threads = 0:
/// all cores.
void parallel_for(size_t n,
                  const std::function<void(size_t begin, size_t end)>& work,
                  size_t grain = 1, unsigned threads = 0);

}  // namespace fer
