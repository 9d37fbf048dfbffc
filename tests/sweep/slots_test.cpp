#include "sweep/slots.h"

#include <gtest/gtest.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

using Names = std::vector<std::string>;

TEST(Slots, ShareTheCoresOutEvenly) {
  // 7 cores, 3 jobs: 3 + 2 + 2.
  const auto slots = make_slots(3, {0, 1, 2, 3, 8, 9, 10}, {});
  ASSERT_EQ(slots.size(), 3u);
  EXPECT_EQ(slots[0].cores, (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(slots[1].cores, (std::vector<int>{3, 8}));
  EXPECT_EQ(slots[2].cores, (std::vector<int>{9, 10}));
  EXPECT_EQ(slots[0].gpu, "");
}

TEST(Slots, GiveAllCoresToOneJob) {
  EXPECT_EQ(make_slots(1, {4, 5}, {})[0].cores, (std::vector<int>{4, 5}));
}

TEST(Slots, ShareACoreWhereThereAreMoreJobs) {
  const auto slots = make_slots(3, {0, 1}, {});
  EXPECT_EQ(slots[0].cores, (std::vector<int>{0}));
  EXPECT_EQ(slots[1].cores, (std::vector<int>{1}));
  EXPECT_EQ(slots[2].cores, (std::vector<int>{0}));
}

TEST(Slots, TakeGpusInTurn) {
  const auto slots = make_slots(3, {0, 1, 2}, {"2", "GPU-5e"});
  EXPECT_EQ(slots[0].gpu, "2");
  EXPECT_EQ(slots[1].gpu, "GPU-5e");
  EXPECT_EQ(slots[2].gpu, "2");
}

TEST(Slots, KnowTheGpusThatMayBeUsed) {
  EXPECT_EQ(usable_gpus("2, 3"), (Names{"2", "3"}));
  EXPECT_EQ(usable_gpus("0,-1,2"), Names{"0"});
  EXPECT_EQ(usable_gpus("-1"), Names{});
  EXPECT_EQ(usable_gpus(""), Names{});
}

TEST(Slots, CountTheGpusOfTheDriver) {
  const TemporaryFolder dev;
  EXPECT_EQ(usable_gpus(std::nullopt, dev.path()), Names{});
  for (const char* name : {"nvidia0", "nvidia3", "nvidiactl", "nvidia", "tty"})
    dev.write(name, "");
  // CUDA counts from 0 whatever the files are called.
  EXPECT_EQ(usable_gpus(std::nullopt, dev.path()), (Names{"0", "1"}));
  EXPECT_EQ(usable_gpus(std::nullopt, dev / "none"), Names{});
}

TEST(Slots, RunOneJobPerGpuElseOnePerFourCores) {
  EXPECT_EQ(default_jobs(16, 2), 2);
  EXPECT_EQ(default_jobs(16, 0), 4);
  EXPECT_EQ(default_jobs(2, 0), 1);
}

TEST(Slots, SeeTheCoresOfThisProcess) { EXPECT_FALSE(usable_cores().empty()); }

}  // namespace
}  // namespace fer
