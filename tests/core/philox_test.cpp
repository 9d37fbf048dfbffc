#include "core/philox.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace fer {
namespace {

std::vector<uint32_t> four(Philox random) {
  return {random.next(), random.next(), random.next(), random.next()};
}

// Known answers of Random123 (kat_vectors, philox4x32 10). The counter is
// {block, epoch, sample, purpose}, the key the seed.
TEST(Philox, GivesTheKnownAnswerForZeros) {
  EXPECT_EQ(
      four(Philox(0, 0, 0, static_cast<Purpose>(0))),
      (std::vector<uint32_t>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(Philox, GivesTheAnswerOfPythonIntegersForABusyKey) {
  // tests/reference/philox.py: seed 0x0123456789abcdef, epoch 0xfedcba98,
  // sample 0x76543210, purpose 2; blocks 0 and 1.
  Philox random(0x0123456789abcdef, 0xfedcba98, 0x76543210, Purpose::kAugment);
  const std::vector<uint32_t> expected = {0x1cf533b5, 0xd5819a4f, 0xf706d76c,
                                          0xc0131a1d, 0x3c2c345f, 0x0d25d345,
                                          0xc7d32969, 0x432bc285};
  for (const uint32_t value : expected) EXPECT_EQ(random.next(), value);
}

TEST(Philox, GoesOnFromAnyBlock) {
  Philox straight(9, 1, 2, Purpose::kMixup), sought(9, 1, 2, Purpose::kMixup);
  for (int i = 0; i < 4 * 3; ++i) straight.next();
  sought.next();
  sought.seek(3);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sought.next(), straight.next());
}

TEST(Philox, IsAFunctionOfItsArguments) {
  const auto base = four(Philox(1, 2, 3, Purpose::kShuffle));
  EXPECT_EQ(base, four(Philox(1, 2, 3, Purpose::kShuffle)));
  EXPECT_NE(base, four(Philox(2, 2, 3, Purpose::kShuffle)));
  EXPECT_NE(base, four(Philox(1 | uint64_t{1} << 32, 2, 3, Purpose::kShuffle)));
  EXPECT_NE(base, four(Philox(1, 3, 3, Purpose::kShuffle)));
  EXPECT_NE(base, four(Philox(1, 2, 4, Purpose::kShuffle)));
  EXPECT_NE(base, four(Philox(1, 2, 3, Purpose::kAugment)));
}

TEST(Philox, DoesNotRepeatItselfSoon) {
  Philox random(42, 0, 0, Purpose::kInit);
  std::set<uint64_t> seen;
  for (int i = 0; i < 100'000; ++i) {
    const uint64_t high = random.next();
    seen.insert(high << 32 | random.next());
  }
  EXPECT_EQ(seen.size(), 100'000u);
}

TEST(Philox, UniformIsFlatInZeroToOne) {
  Philox random(42, 0, 0, Purpose::kInit);
  std::vector<int> bins(10);
  for (int i = 0; i < 100'000; ++i) {
    const float value = random.uniform();
    ASSERT_GE(value, 0.0f);
    ASSERT_LT(value, 1.0f);
    ++bins[static_cast<size_t>(value * 10)];
  }
  for (const int n : bins) EXPECT_NEAR(n, 10'000, 475);  // deviation 95
}

TEST(Philox, UniformRangeStaysInside) {
  Philox random(42, 0, 0, Purpose::kInit);
  for (int i = 0; i < 10'000; ++i) {
    const float value = random.uniform(-3, 5);
    ASSERT_GE(value, -3.0f);
    ASSERT_LT(value, 5.0f);
  }
}

TEST(Philox, BelowIsFlatAndNeverReachesItsBound) {
  Philox random(42, 0, 0, Purpose::kInit);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts.at(random.below(7));
  for (const int n : counts) EXPECT_NEAR(n, 10'000, 463);  // deviation 92.6
  EXPECT_EQ(random.below(1), 0u);
}

}  // namespace
}  // namespace fer
