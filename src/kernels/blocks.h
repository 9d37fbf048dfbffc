// Work in blocks that do not depend on the number of threads, so that sums are
// the same bits on any machine.
#pragma once

#include <cstdint>
#include <functional>

namespace fer {

/// Rows [begin, end) of one block.
struct Block {
  int64_t begin, end;
};

/// How many blocks `rows` rows are cut into: at least 64 rows each, at most 64.
int64_t block_count(int64_t rows);
Block block_at(int64_t index, int64_t count, int64_t rows);

/// Calls work(0) ... work(count - 1), each once, on OpenMP's threads.
/// `work` must not throw.
void run_blocks(int64_t count, const std::function<void(int64_t)>& work);

}  // namespace fer
