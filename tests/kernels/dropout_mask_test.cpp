#include "kernels/dropout_mask.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "core/philox.h"
#include "kernels/kernel_cases.h"

namespace fer {
namespace {

std::vector<uint8_t> mask(uint64_t key, double rate, int64_t count) {
  std::vector<uint8_t> keep(static_cast<size_t>(count), 9);
  dropout_mask(key, rate, count, keep.data());
  return keep;
}

TEST(DropoutMask, IsThePhiloxStreamOnEveryTarget) {
  on_every_target([] {
    for (const int64_t count : {1, 4, 63, 5003}) {
      const uint64_t key = 0x123456789ABCDEF0u;
      const auto keep = mask(key, 0.4, count);
      Philox stream(key, 0, 0, static_cast<Purpose>(kDropoutPurpose));
      for (const uint8_t k : keep)
        ASSERT_EQ(k, stream.next() >= 1717986918u);  // 0.4 * 2^32 = ...918.4
    }
  });
}

TEST(DropoutMask, KeepsAllAtRateZero) {
  for (const uint8_t k : mask(1, 0.0, 100)) EXPECT_EQ(k, 1);
}

TEST(DropoutMask, DropsTheShareAskedFor) {
  // 200,000 draws: the deviation of the share is sqrt(.6 * .4 / 200,000) =
  // 0.0011.
  const auto keep = mask(3, 0.6, 200'000);
  const double share = std::accumulate(keep.begin(), keep.end(), 0.0) / 200'000;
  EXPECT_NEAR(share, 0.4, 0.0044);
}

TEST(DropoutMask, DiffersFromKeyToKey) {
  EXPECT_NE(mask(1, 0.5, 64), mask(2, 0.5, 64));
  EXPECT_NE(mask(1, 0.5, 64), mask(uint64_t{1} << 40, 0.5, 64));
}

}  // namespace
}  // namespace fer
