// Training steps take no more memory the longer they go on.
#include "bench/memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

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
  const int64_t before = resident_bytes();
  while (step < 600) trainer.practise(step++, metrics);
  // 2 KiB a step: less than any tensor that a step could leave behind.
  EXPECT_LT(resident_bytes() - before, 1 << 20);
}

TEST(Memory, HighWaterMarkStaysWhenMemoryIsGivenBack) {
  const int64_t before = peak_resident_bytes();
  { const std::vector<char> large(before + (100 << 20), 1); }
  EXPECT_GE(peak_resident_bytes(), before + (100 << 20));
  EXPECT_EQ(peak_gpu_bytes(torch::kCPU), 0);
}

}  // namespace
}  // namespace fer
