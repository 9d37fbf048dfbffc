#include "stats/resampler.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "core/philox.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {

using Weights = std::vector<double>;

Weights draw(const Resampler& resampler, uint64_t seed, uint32_t index) {
  Weights weights(resampler.rows(), -1.0);
  resampler.draw(seed, index, weights);
  return weights;
}

double total(const Weights& weights) {
  return std::accumulate(weights.begin(), weights.end(), 0.0);
}

TEST(Resampler, DrawsAsManyRowsAsThereAreWithReplacement) {
  const Resampler resampler(1000, {}, {});
  double repeated = 0, missing = 0;
  for (uint32_t i = 0; i < 200; ++i) {
    const Weights weights = draw(resampler, 3, i);
    EXPECT_EQ(total(weights), 1000);
    missing +=
        static_cast<double>(std::count(weights.begin(), weights.end(), 0.0));
    repeated += static_cast<double>(
        std::count_if(weights.begin(), weights.end(),
                      [](double weight) { return weight > 1; }));
  }
  // Poisson(1): 0 with e^-1, above 1 with 1 - 2 e^-1.
  EXPECT_NEAR(missing / 200'000, 0.3679, 0.003);
  EXPECT_NEAR(repeated / 200'000, 0.2642, 0.003);
}

TEST(Resampler, IsAFunctionOfSeedAndIndex) {
  const Resampler resampler(50, {}, {});
  EXPECT_EQ(draw(resampler, 1, 7), draw(resampler, 1, 7));
  EXPECT_NE(draw(resampler, 1, 7), draw(resampler, 1, 8));
  EXPECT_NE(draw(resampler, 1, 7), draw(resampler, 2, 7));
  EXPECT_NE(draw(resampler, 1, 7), draw(resampler, 1 + (1ull << 32), 7));
}

TEST(Resampler, DrawsThePhiloxNumbersOfItsPurpose) {
  // Purpose 6; the numbers themselves are checked in tests/core.
  Philox random(9, 4, 0, static_cast<Purpose>(6));
  Weights expected(20);
  for (int i = 0; i < 20; ++i) ++expected[random.below(20)];
  EXPECT_EQ(draw(Resampler(20, {}, {}), 9, 4), expected);
}

TEST(Resampler, KeepsTheSizeOfEachStratum) {
  const std::vector<int64_t> strata = {5, 5, -1, 5, -1, 5, 5};
  const Resampler resampler(7, strata, {});
  EXPECT_EQ(resampler.strata(), 2u);
  EXPECT_EQ(resampler.units(0), 5u);  // of 5, which stands first
  for (uint32_t i = 0; i < 50; ++i) {
    const Weights weights = draw(resampler, 0, i);
    EXPECT_EQ(weights[2] + weights[4], 2);
    EXPECT_EQ(total(weights), 7);
  }
}

TEST(Resampler, DrawsWholeGroups) {
  const std::vector<int64_t> groups = {8, 8, 3, 8, 3, 1};
  const Resampler resampler(6, {}, groups);
  EXPECT_EQ(resampler.units(0), 3u);
  for (uint32_t i = 0; i < 50; ++i) {
    const Weights weights = draw(resampler, 0, i);
    EXPECT_EQ(weights[0], weights[1]);
    EXPECT_EQ(weights[0], weights[3]);
    EXPECT_EQ(weights[2], weights[4]);
    EXPECT_EQ(weights[0] + weights[2] + weights[5], 3);
  }
}

TEST(Resampler, AGroupBelongsToTheStratumOfMostOfItsRows) {
  // Group 0 lies in strata 1, 1, 0; group 1 in 0 and 1, equally.
  const std::vector<int64_t> groups = {0, 0, 0, 1, 1, 2, 3};
  const std::vector<int64_t> strata = {1, 1, 0, 1, 0, 1, 0};
  const Resampler resampler(7, strata, groups);
  ASSERT_EQ(resampler.strata(), 2u);
  for (uint32_t i = 0; i < 50; ++i) {
    const Weights weights = draw(resampler, 0, i);
    EXPECT_EQ(weights[0] + weights[5], 2);  // groups 0 and 2
    EXPECT_EQ(weights[3] + weights[6], 2);  // groups 1 and 3
  }
}

TEST(Resampler, NamesOfStrataAndGroupsDoNotMatter) {
  const std::vector<int64_t> a = {1, 2, 1, 2, 3}, b = {9, -4, 9, -4, 0};
  const std::vector<int64_t> none;
  EXPECT_EQ(draw(Resampler(5, a, none), 6, 1),
            draw(Resampler(5, b, none), 6, 1));
  EXPECT_EQ(draw(Resampler(5, none, a), 6, 1),
            draw(Resampler(5, none, b), 6, 1));
}

TEST(Resampler, SetsTheWeightsOfAStratumAndOfAUnit) {
  const std::vector<int64_t> strata = {0, 1, 1, 1}, groups = {0, 1, 2, 1};
  const Resampler resampler(4, strata, groups);
  Weights weights(4, 1.0);
  resampler.set_stratum(1, 2, weights);
  resampler.set_unit(1, 0, 0, weights);
  EXPECT_EQ(weights, (Weights{1, 0, 2, 0}));
}

TEST(Resampler, RejectsWhatCannotBeDrawn) {
  const std::vector<int64_t> two = {0, 0}, three = {0, 1, 2};
  EXPECT_EQ(error_text([&] { Resampler(0, {}, {}); }),
            "[bootstrap] expected at least one row; got none. Is the split "
            "empty?");
  EXPECT_EQ(error_text([&] { Resampler(3, two, {}); }),
            "[bootstrap] expected a stratum for each of the 3 rows, or none at "
            "all; got 2. Give one number per row.");
  EXPECT_EQ(error_text([&] { Resampler(3, {}, two); }),
            "[bootstrap] expected a group for each of the 3 rows, or none at "
            "all; got 2. Give one number per row.");
  const std::string alone =
      "[bootstrap] expected two or more independent rows or groups in a "
      "stratum; got one in each ({} rows). One alone says nothing about the "
      "spread.";
  EXPECT_EQ(error_text([&] { Resampler(1, {}, {}); }),
            fmt::format(fmt::runtime(alone), 1));
  EXPECT_EQ(error_text([&] { Resampler(2, {}, two); }),
            fmt::format(fmt::runtime(alone), 2));
  EXPECT_EQ(error_text([&] { Resampler(3, three, {}); }),
            fmt::format(fmt::runtime(alone), 3));
}

}  // namespace
}  // namespace fer
