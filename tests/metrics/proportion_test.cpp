#include "metrics/proportion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "metrics/sklearn_cases.h"

namespace fer {
namespace {

std::string error_of(int64_t k, int64_t n, double z) {
  try {
    wilson_interval(k, n, z);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(WilsonInterval, EqualsStatsmodels) {
  const Json& rows = sklearn_values()["wilson"];
  ASSERT_EQ(rows.size(), 11u);
  for (const Json& row : rows) {
    const auto interval = wilson_interval(row[0], row[1]);
    expect_equal(interval.low, row[2], row.dump());
    expect_equal(interval.high, row[3], row.dump());
  }
}

TEST(WilsonInterval, SolvesTheScoreEquationByHand) {
  // z = 1, 1 of 2: centre 1/2, spread sqrt(1/8 + 1/16) / (3/2) = sqrt(1/12)
  const auto interval = wilson_interval(1, 2, 1);
  EXPECT_DOUBLE_EQ(interval.low, 0.5 - std::sqrt(1.0 / 12));
  EXPECT_DOUBLE_EQ(interval.high, 0.5 + std::sqrt(1.0 / 12));
}

TEST(WilsonInterval, StaysInsideZeroAndOneAndIsAPointForNoLevel) {
  for (int64_t n = 1; n < 200; ++n) {
    EXPECT_EQ(wilson_interval(0, n).low, 0) << n;
    EXPECT_EQ(wilson_interval(n, n).high, 1) << n;
    EXPECT_GT(wilson_interval(n, n).low, 0) << n;
    EXPECT_LT(wilson_interval(0, n).high, 1) << n;
  }
  EXPECT_EQ(wilson_interval(3, 4, 0).low, 0.75);
  EXPECT_EQ(wilson_interval(3, 4, 0).high, 0.75);
}

TEST(WilsonInterval, RejectsCountsThatAreNoShare) {
  const std::string expected =
      "[wilson_interval] expected 0 <= k <= n and n >= 1; got ";
  EXPECT_EQ(error_of(0, 0, 1), expected + "k = 0, n = 0.");
  EXPECT_EQ(error_of(-1, 2, 1), expected + "k = -1, n = 2.");
  EXPECT_EQ(error_of(3, 2, 1), expected + "k = 3, n = 2.");
  EXPECT_EQ(error_of(1, 2, -1),
            "[wilson_interval] expected a finite z >= 0; got -1.");
  EXPECT_EQ(error_of(1, 2, std::nan("")),
            "[wilson_interval] expected a finite z >= 0; got nan.");
}

}  // namespace
}  // namespace fer
