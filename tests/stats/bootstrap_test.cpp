#include "stats/bootstrap.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "stats/reference.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

BootstrapOptions options(int resamples, uint64_t seed = 0) {
  BootstrapOptions result;
  result.resamples = resamples;
  result.seed = seed;
  return result;
}

// The 120 rows of two classes of the script.
Predictions reference_rows() {
  const Json& large = stats_reference("bootstrap")["large"];
  Predictions p;
  p.class_names = {"a", "b"};
  p.labels = integers(large["labels"]);
  for (const double score : numbers(large["scores"])) {
    p.ids.push_back(std::to_string(p.ids.size()));
    p.predicted.push_back(score >= 0.5 ? 1 : 0);
    p.probabilities.push_back(1 - score);
    p.probabilities.push_back(score);
  }
  return p;
}

TEST(Bootstrap, ComesNearScipysIntervals) {
  const Predictions p = reference_rows();
  const Json& large = stats_reference("bootstrap")["large"]["intervals"];
  const auto check = [&](const std::string& name, const Statistic& statistic) {
    for (const bool stratified : {false, true}) {
      BootstrapOptions setting = options(100'000);
      if (stratified) setting.strata = p.labels;
      const Estimate estimate = bootstrap(p.size(), statistic, setting);
      const Json& expected = large[name + (stratified ? "_stratified" : "")];
      // The end of 100,000 resamples of deviation 0.035 itself has one of
      // sqrt(0.025 * 0.975 / 1e5) / density, 3e-4.
      EXPECT_NEAR(estimate.interval.low, expected[0], 2e-3) << name;
      EXPECT_NEAR(estimate.interval.high, expected[1], 2e-3) << name;
      EXPECT_NEAR(estimate.standard_error, expected[2], 3e-4) << name;
      EXPECT_EQ(estimate.method, IntervalMethod::kBca);
      EXPECT_EQ(estimate.undefined, 0);
    }
  };
  check("macro_f1", macro_f1_statistic(p));
  check("auc", auc_statistic(p, 1));
}

TEST(Bootstrap, StandardErrorOfAMeanIsTheKnownOne) {
  // sqrt(p (1 - p) / n) = sqrt(0.8 * 0.2 / 400) = 0.02
  std::vector<double> right(400, 1.0);
  std::fill(right.begin(), right.begin() + 80, 0.0);
  const Estimate estimate =
      bootstrap(400, mean_statistic(right), options(20'000));
  EXPECT_EQ(estimate.value, 0.8);
  EXPECT_NEAR(estimate.standard_error, 0.02, 0.0003);
  EXPECT_NEAR(estimate.interval.low, 0.8 - 1.96 * 0.02, 0.003);
  EXPECT_NEAR(estimate.interval.high, 0.8 + 1.96 * 0.02, 0.003);
}

TEST(Bootstrap, StrataTakeOutTheDoubtBetweenThem) {
  // The mean differs between the strata alone: nothing is left to draw.
  std::vector<double> values(100, 0.0);
  BootstrapOptions setting = options(500);
  for (size_t i = 0; i < 100; ++i) {
    setting.strata.push_back(i % 2);
    values[i] = static_cast<double>(i % 2);
  }
  const Estimate estimate = bootstrap(100, mean_statistic(values), setting);
  EXPECT_EQ(estimate.interval.low, 0.5);
  EXPECT_EQ(estimate.interval.high, 0.5);
  EXPECT_EQ(estimate.method, IntervalMethod::kPercentile);
}

TEST(Bootstrap, GroupsOfCopiesWidenTheInterval) {
  // 100 images, 4 copies of each: as good as 100 rows, not 400.
  std::vector<double> right;
  BootstrapOptions grouped = options(10'000);
  Draws draws(2);
  for (int64_t image = 0; image < 100; ++image) {
    const double value = draws.uniform() < 0.7 ? 1.0 : 0.0;
    for (int copy = 0; copy < 4; ++copy) {
      right.push_back(value);
      grouped.groups.push_back(image);
    }
  }
  const Statistic mean = mean_statistic(right);
  const Estimate with = bootstrap(400, mean, grouped);
  const Estimate without = bootstrap(400, mean, options(10'000));
  EXPECT_NEAR(with.standard_error / without.standard_error, 2, 0.05);
  const double p = with.value;
  EXPECT_NEAR(with.standard_error, std::sqrt(p * (1 - p) / 100), 0.001);
}

TEST(Bootstrap, DoesNotDependOnThreadsAndRepeats) {
  const Predictions p = drawn_predictions(200, 3, 4);
  const auto run = [&](unsigned threads, uint64_t seed) {
    BootstrapOptions setting = options(1000, seed);
    setting.threads = threads;
    setting.strata = p.labels;
    const Estimate one = bootstrap(200, macro_f1_statistic(p), setting);
    return std::vector<double>{one.interval.low, one.interval.high,
                               one.standard_error};
  };
  EXPECT_EQ(run(1, 5), run(3, 5));
  EXPECT_EQ(run(1, 5), run(8, 5));
  EXPECT_NE(run(1, 5), run(1, 6));
}

TEST(Bootstrap, AHigherLevelIsWider) {
  const Predictions p = drawn_predictions(150, 2, 9);
  BootstrapOptions setting = options(4000);
  Interval last{1, 0};
  for (const double level : {0.5, 0.8, 0.95, 0.99}) {
    setting.level = level;
    const Interval one = bootstrap(150, auc_statistic(p, 1), setting).interval;
    EXPECT_LT(one.low, last.low);
    EXPECT_GT(one.high, last.high);
    last = one;
  }
}

TEST(Bootstrap, PerfectAccuracyGivesAPercentilePointAndSaysSo) {
  const Estimate estimate =
      bootstrap(30, mean_statistic(std::vector<double>(30, 1.0)), options(200));
  EXPECT_EQ(estimate.method, IntervalMethod::kPercentile);
  EXPECT_STREQ(name_of(estimate.method), "percentile");
  EXPECT_STREQ(name_of(IntervalMethod::kBca), "bca");
  EXPECT_EQ(estimate.interval.low, 1);
  EXPECT_EQ(estimate.interval.high, 1);
}

TEST(Bootstrap, LeavesUndefinedResamplesOutAndCountsThem) {
  // Two positive rows of ten: a resample has none with chance 0.8^10 = 0.107.
  Predictions p = drawn_predictions(10, 2, 3);
  for (size_t i = 0; i < 10; ++i) p.labels[i] = i < 2 ? 1 : 0;
  const Estimate estimate = bootstrap(10, auc_statistic(p, 1), options(5000));
  EXPECT_NEAR(estimate.undefined / 5000.0, 0.107, 0.02);
  BootstrapOptions stratified = options(5000);
  stratified.strata = p.labels;
  EXPECT_EQ(bootstrap(10, auc_statistic(p, 1), stratified).undefined, 0);
}

TEST(Bootstrap, RejectsStatisticsWithoutAValue) {
  const Statistic never = [](std::span<const double>) { return std::nan(""); };
  EXPECT_EQ(error_text([&] { bootstrap(5, never, options(100)); }),
            "[bootstrap] expected a statistic that is defined on all 5 rows; "
            "got nan. Has a class no images?");
  // Defined only where all rows are drawn exactly once.
  const Statistic rarely = [](std::span<const double> weights) {
    for (const double weight : weights)
      if (weight != 1) return std::nan("");
    return 1.0;
  };
  EXPECT_EQ(error_text([&] { bootstrap(9, rarely, options(100)); }),
            "[bootstrap] expected a statistic that is defined on most "
            "resamples; got 0 of 100. Give the classes as strata, so that none "
            "is left out.");
}

TEST(Bootstrap, RejectsOptionsOutOfRange) {
  const Statistic mean = mean_statistic(std::vector<double>{0, 1, 1});
  EXPECT_EQ(error_text([&] { bootstrap(3, mean, options(99)); }),
            "[bootstrap] expected 100 resamples or more; got 99. 10000 are "
            "usual.");
  BootstrapOptions setting;
  setting.level = 95;
  EXPECT_EQ(error_text([&] { bootstrap(3, mean, setting); }),
            "[bootstrap] expected a level between 0 and 1; got 95. 0.95 is "
            "usual.");
  EXPECT_EQ(error_text([&] { bootstrap(0, mean); }),
            "[bootstrap] expected at least one row; got none. Is the split "
            "empty?");
  EXPECT_EQ(error_text([&] { bootstrap(4, mean); }),
            "[statistic] expected a weight for each of the 3 rows; got 4. Are "
            "both statistics of the same rows?");
}

}  // namespace
}  // namespace fer
