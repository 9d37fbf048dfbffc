#include "data/mixup.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

namespace fer {
namespace {

TEST(MixPair, IsAFunctionOfItsArguments) {
  const auto values = [](const MixPair& pair) {
    return std::pair(pair.partner, pair.share);
  };
  const auto pair = values(mix_pair(0.2, 42, 3, 7, 1000));
  EXPECT_EQ(values(mix_pair(0.2, 42, 3, 7, 1000)), pair);
  const std::set<std::pair<uint32_t, float>> all = {
      pair, values(mix_pair(0.2, 43, 3, 7, 1000)),
      values(mix_pair(0.2, 42, 4, 7, 1000)),
      values(mix_pair(0.2, 42, 3, 8, 1000))};
  EXPECT_EQ(all.size(), 4u);
}

TEST(MixPair, TakesEverySampleAsPartnerEquallyOften) {
  std::array<int, 10> count{};
  for (uint32_t sample = 0; sample < 10'000; ++sample)
    ++count.at(mix_pair(1, 7, 1, sample, 10).partner);
  for (const int n : count) EXPECT_NEAR(n, 1000, 150);  // deviation 30
}

TEST(MixPair, OfOneSampleIsThatSample) {
  EXPECT_EQ(mix_pair(0.2, 1, 1, 0, 1).partner, 0u);
}

// Quantiles from tests/reference/mixup.py.
TEST(MixPair, SharesAreTheLargerOnesOfABetaDistribution) {
  const std::array<double, 5> probabilities = {0.1, 0.25, 0.5, 0.75, 0.9};
  const std::vector<std::pair<double, std::array<double, 5>>> quantiles = {
      {0.2,
       {0.6527132649, 0.8365792589, 0.9761852812, 0.9992441384, 0.9999922561}},
      {1.0, {0.55, 0.625, 0.75, 0.875, 0.95}},
      {2.0,
       {0.5333829368, 0.5841272009, 0.6736481777, 0.7789373492, 0.8646496378}}};
  constexpr int kDraws = 20'000;
  for (const auto& [alpha, expected] : quantiles) {
    std::array<int, 5> below{};
    for (uint32_t sample = 0; sample < kDraws; ++sample) {
      const double share = mix_pair(alpha, 5, 2, sample, 100).share;
      for (size_t q = 0; q < 5; ++q) below[q] += share <= expected[q];
    }
    for (size_t q = 0; q < 5; ++q) {
      const double p = probabilities[q];
      EXPECT_NEAR(below[q] / double{kDraws}, p,
                  4 * std::sqrt(p * (1 - p) / kDraws))
          << alpha << " " << p;
    }
  }
}

TEST(MixPair, SharesStayInRangeForExtremeSettings) {
  for (const double alpha : {1e-4, 0.01, 4.0}) {
    for (uint32_t sample = 0; sample < 1000; ++sample) {
      const float share = mix_pair(alpha, 1, 1, sample, 10).share;
      EXPECT_GE(share, 0.5f) << alpha;
      EXPECT_LE(share, 1.0f) << alpha;
    }
  }
}

}  // namespace
}  // namespace fer
