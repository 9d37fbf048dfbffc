#include "stats/distributions.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/temporary_folder.h"
#include "metrics/proportion.h"
#include "stats/reference.h"

namespace fer {
namespace {

const Json& reference() { return stats_reference("tests")["distributions"]; }

TEST(Distributions, NormalEqualsScipy) {
  for (const Json& row : reference()["normal_cdf"])
    expect_close(normal_cdf(row[0]) / row[1].get<double>(), 1.0, row.dump());
  for (const Json& row : reference()["normal_quantile"])
    expect_close(normal_quantile(row[0]), row[1], row.dump());
}

TEST(Distributions, NormalGoesToItsEnds) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(normal_cdf(-kInfinity), 0);
  EXPECT_EQ(normal_cdf(kInfinity), 1);
  EXPECT_EQ(normal_quantile(0), -kInfinity);
  EXPECT_EQ(normal_quantile(1), kInfinity);
}

TEST(Distributions, StudentEqualsScipy) {
  for (const Json& row : reference()["t_quantile"])
    expect_close(student_t_quantile(row[0], row[1]), row[2], row.dump());
}

TEST(Distributions, TwoSidedStudentPInvertsTheQuantile) {
  for (const double freedom : {1.0, 4.5, 30.0}) {
    const double t = student_t_quantile(0.975, freedom);
    EXPECT_NEAR(student_t_p(t, freedom), 0.05, 1e-12);
    EXPECT_NEAR(student_t_p(-t, freedom), 0.05, 1e-12);
  }
  EXPECT_EQ(student_t_p(0, 3), 1);
}

TEST(Distributions, BinomialEqualsScipy) {
  for (const Json& row : reference()["binomial"]) {
    expect_close(binomial_cdf(row[0], row[1], row[2]), row[3], row.dump());
    expect_close(binomial_pmf(row[0], row[1], row[2]), row[4], row.dump());
  }
  EXPECT_EQ(binomial_cdf(-1, 3, 0.5), 0);
  EXPECT_EQ(binomial_cdf(3, 3, 0.5), 1);
  EXPECT_EQ(binomial_pmf(4, 3, 0.5), 0);
}

TEST(Distributions, WilsonAtOtherLevelsEqualsStatsmodels) {
  for (const Json& row : reference()["wilson"]) {
    const auto interval =
        wilson_interval(row[0], row[1], two_sided_z("test", row[2]));
    expect_close(interval.low, row[3], row.dump());
    expect_close(interval.high, row[4], row.dump());
  }
  EXPECT_NEAR(two_sided_z("test", 0.95), kZ95, 1e-14);
}

TEST(Distributions, RejectsLevelsThatAreNone) {
  for (const double level : {0.0, 1.0, -0.5, 95.0, std::nan("")}) {
    EXPECT_EQ(error_text([&] { check_level("delong", level); }),
              fmt::format("[delong] expected a level between 0 and 1; got {}. "
                          "0.95 is usual.",
                          level));
  }
}

}  // namespace
}  // namespace fer
