#include "stats/bca.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "stats/reference.h"

namespace fer {
namespace {

using Jackknife = std::vector<std::vector<double>>;

TEST(Bca, IntervalsEqualScipyOnItsOwnResamples) {
  for (const Json& one : stats_reference("bootstrap")["cases"]) {
    std::vector<double> values = numbers(one["resamples"]);
    std::sort(values.begin(), values.end());
    Jackknife jackknife;
    for (const Json& list : one["jackknife"])
      jackknife.push_back(numbers(list));
    const double z0 = bias_correction(values, one["value"]);
    const double a = acceleration(jackknife);
    for (const Json& row : one["intervals"]) {
      ASSERT_TRUE(bca_defined(z0, a, row[1]));
      const Interval interval = row[0] == "BCa"
                                    ? bca_interval(values, z0, a, row[1])
                                    : percentile_interval(values, row[1]);
      expect_close(interval.low, row[2], row.dump());
      expect_close(interval.high, row[3], row.dump());
    }
  }
}

TEST(Bca, QuantilesAreInterpolatedLikeNumpys) {
  const std::vector<double> sorted = {1, 2, 4, 8};
  EXPECT_EQ(sorted_quantile(sorted, 0), 1);
  EXPECT_EQ(sorted_quantile(sorted, 1), 8);
  EXPECT_EQ(sorted_quantile(sorted, 0.5), 3);  // place 1.5 of 0..3
  EXPECT_EQ(sorted_quantile(sorted, 0.25), 1.75);
  EXPECT_EQ(sorted_quantile({sorted.data(), 1}, 0.7), 1);
}

TEST(Bca, AccelerationIsTheSkewnessOfTheJackknife) {
  // mean 1; U/n = 3/4 (1, 1, 1, -3): cubes (27/64)(3 - 27), squares
  // (9/16)(12) -> a = -24 / (6 * 12^1.5) = -4 / 12^1.5
  EXPECT_NEAR(acceleration({{0, 0, 0, 4}}), -4 / std::pow(12, 1.5), 1e-15);
  EXPECT_EQ(acceleration({{-1, 0, 1}}), 0);
  // A stratum of one unit and undefined values change nothing.
  EXPECT_NEAR(acceleration({{0, 0, std::nan(""), 0, 4}, {7}}),
              -4 / std::pow(12, 1.5), 1e-15);
}

TEST(Bca, IsUndefinedWhereNothingChangesOrAllLiesOnOneSide) {
  EXPECT_TRUE(std::isnan(acceleration({{1, 1, 1}})));
  EXPECT_TRUE(std::isnan(acceleration({{0.1 + 0.2, 0.3, 0.3}})));
  EXPECT_FALSE(bca_defined(0, acceleration({{1, 1}}), 0.95));
  const std::vector<double> above = {2, 3, 4};
  EXPECT_FALSE(bca_defined(bias_correction(above, 1), 0, 0.95));
  EXPECT_FALSE(bca_defined(bias_correction(above, 5), 0, 0.95));
  // 1 - a (z0 + z) would be 0 or less.
  EXPECT_FALSE(bca_defined(0, 0.6, 0.95));
  EXPECT_FALSE(bca_defined(0, -0.6, 0.95));
  EXPECT_TRUE(bca_defined(0, 0.5, 0.95));
}

TEST(Bca, EqualResamplesCountOneHalf) {
  const std::vector<double> sorted = {1, 2, 2, 3};
  EXPECT_EQ(bias_correction(sorted, 2), 0);  // (1 + 3) / 8
}

TEST(Bca, PIsTheLevelAtWhichTheIntervalTouchesZero) {
  std::vector<double> sorted;
  for (int i = 0; i < 5000; ++i) sorted.push_back(i * 0.001 - 0.2);
  const std::vector<std::pair<double, double>> cases = {
      {0, 0}, {0.2, 0.05}, {-0.3, 0.02}, {0.1, -0.08}};
  for (const auto& [z0, a] : cases) {
    const double p = p_of_zero(sorted, z0, a);
    ASSERT_GT(p, 0.001);
    EXPECT_NEAR(bca_interval(sorted, z0, a, 1 - p).low, 0, 0.002);
    EXPECT_LT(bca_interval(sorted, z0, a, 1 - p / 2).low, 0);
    EXPECT_GT(bca_interval(sorted, z0, a, 1 - 2 * p).low, 0);
  }
  // Percentile: 200.5 of 5000 values below 0, both sides.
  EXPECT_NEAR(p_of_zero(sorted, 0, 0), 2 * 200.5 / 5000, 1e-12);
}

TEST(Bca, PStaysBetweenItsLimits) {
  const std::vector<double> above(99, 1.0), equal(99, 0.0);
  EXPECT_DOUBLE_EQ(p_of_zero(above, 0, 0), 0.02);  // 2 / 100
  EXPECT_DOUBLE_EQ(p_of_zero(above, 0.4, 0.1), 0.02);
  EXPECT_EQ(p_of_zero(equal, 0, 0), 1);
}

}  // namespace
}  // namespace fer
