#include "stats/seeds.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "stats/reference.h"

namespace fer {
namespace {

using Values = std::vector<double>;

TEST(Seeds, EqualScipysTInterval) {
  for (const Json& one : stats_reference("tests")["seeds"]) {
    const Values values = numbers(one["values"]);
    const SeedSummary summary = summarise(values, one["level"]);
    EXPECT_EQ(summary.n, values.size());
    expect_close(summary.mean, one["mean"], "mean");
    expect_close(summary.std, one["std"], "std");
    expect_close(summary.interval.low, one["low"], "low");
    expect_close(summary.interval.high, one["high"], "high");
  }
}

TEST(Seeds, ByHand) {
  // Mean 2, variance (1 + 0 + 1) / 2; t of 2 degrees at 97.5 % is 4.30265.
  const SeedSummary summary = summarise(Values{1, 2, 3});
  EXPECT_EQ(summary.mean, 2);
  EXPECT_EQ(summary.std, 1);
  EXPECT_NEAR(summary.interval.high, 2 + 4.30265 / std::sqrt(3), 1e-5);
}

TEST(Seeds, OneSeedHasNoSpread) {
  const SeedSummary summary = summarise(Values{0.7});
  EXPECT_EQ(summary.n, 1u);
  EXPECT_EQ(summary.mean, 0.7);
  EXPECT_TRUE(std::isnan(summary.std));
  EXPECT_TRUE(std::isnan(summary.interval.low));
  EXPECT_TRUE(std::isnan(summary.interval.high));
}

TEST(Seeds, RejectsValuesThatAreNone) {
  EXPECT_EQ(error_text([] { summarise({}); }),
            "[seeds] expected the value of one seed or more; got none.");
  EXPECT_EQ(error_text([] {
              summarise(Values{0.5, std::nan("")});
            }),
            "[seeds] expected finite values; got nan (place 1). Leave out runs "
            "without a score.");
  EXPECT_EQ(error_text([] { summarise(Values{0.5}, 0); }),
            "[seeds] expected a level between 0 and 1; got 0. 0.95 is usual.");
}

}  // namespace
}  // namespace fer
