#include "kernels/blocks.h"

#include <algorithm>

namespace fer {

int64_t block_count(int64_t rows) {
  return std::clamp<int64_t>(rows / 64, 1, 64);
}

Block block_at(int64_t index, int64_t count, int64_t rows) {
  return {rows * index / count, rows * (index + 1) / count};
}

void run_blocks(int64_t count, const std::function<void(int64_t)>& work) {
#pragma omp parallel for schedule(static) if (count > 1)
  for (int64_t i = 0; i < count; ++i) work(i);
}

}  // namespace fer
