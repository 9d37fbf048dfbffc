#include "data/patch_mask.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace fer {
namespace {

std::vector<int64_t> chosen(int64_t patches, size_t count, uint64_t seed,
                            uint32_t epoch, uint32_t sample) {
  std::vector<int64_t> visible(count);
  choose_patches(patches, seed, epoch, sample, visible);
  return visible;
}

TEST(ChoosePatches, GivesDifferentOnesInTheirOrder) {
  for (uint32_t sample = 0; sample < 200; ++sample) {
    const auto visible = chosen(36, 9, 42, 1, sample);
    EXPECT_TRUE(std::ranges::is_sorted(visible));
    EXPECT_EQ(std::set(visible.begin(), visible.end()).size(), 9u);
    EXPECT_GE(visible.front(), 0);
    EXPECT_LT(visible.back(), 36);
  }
}

TEST(ChoosePatches, IsAFunctionOfSeedEpochAndSample) {
  const auto visible = chosen(36, 9, 42, 1, 7);
  EXPECT_EQ(chosen(36, 9, 42, 1, 7), visible);
  EXPECT_NE(chosen(36, 9, 43, 1, 7), visible);
  EXPECT_NE(chosen(36, 9, 42, 2, 7), visible);
  EXPECT_NE(chosen(36, 9, 42, 1, 8), visible);
}

TEST(ChoosePatches, HasNoFavourites) {
  std::vector<int> seen(16);
  for (uint32_t sample = 0; sample < 8000; ++sample)
    for (const int64_t patch : chosen(16, 4, 1, 1, sample))
      ++seen[static_cast<size_t>(patch)];
  // Binomial with n = 8000, p = 1/4: 2000, deviation 39; five of them.
  for (const int count : seen) EXPECT_NEAR(count, 2000, 194);
}

TEST(ChoosePatches, CanTakeAll) {
  EXPECT_EQ(chosen(4, 4, 1, 1, 1), (std::vector<int64_t>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace fer
