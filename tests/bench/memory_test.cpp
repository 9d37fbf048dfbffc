// Training steps take no more memory the longer they go on.
#include "bench/memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "bench/bench.h"
#include "train/trainer.h"

namespace fer {
namespace {

int64_t resident_bytes() {
  int64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

TEST(Memory, IsFlatOverHundredsOfSteps) {
  Config config;
  config.data.image_size = 16;
  config.data.classes = {"happy", "sad"};
  config.train.batch_size = 2;
  config.train.device = DeviceKind::kCpu;
  const RandomData data = random_data(config.data, 32);
  Trainer trainer(config, data.images, data.split, "", /*quiet=*/true);
  RunningMetrics metrics;
  int64_t step = 0;
  while (step < 100) trainer.practise(step++, metrics);
  // What leaks grows in every window; a page more (2 MiB with huge pages) may
  // come in one of them.
  int64_t least = 1 << 30;
  for (int window = 0; window < 3; ++window) {
    const int64_t before = resident_bytes(), end = step + 170;
    while (step < end) trainer.practise(step++, metrics);
    least = std::min(least, resident_bytes() - before);
  }
  // 2 KiB a step: less than any tensor that a step could leave behind.
  EXPECT_LT(least, 170 * 2048);
}

TEST(Memory, HighWaterMarkStaysWhenMemoryIsGivenBack) {
  const int64_t before = peak_resident_bytes();
  { const std::vector<char> large(before + (100 << 20), 1); }
  EXPECT_GE(peak_resident_bytes(), before + (100 << 20));
  EXPECT_EQ(peak_gpu_bytes(torch::kCPU), 0);
}

}  // namespace
}  // namespace fer
