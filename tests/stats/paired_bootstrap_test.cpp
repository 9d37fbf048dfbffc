#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/temporary_folder.h"
#include "stats/bootstrap.h"
#include "stats/mcnemar.h"
#include "stats/pairing.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

std::vector<double> zeros_and_ones(const std::vector<bool>& values) {
  return {values.begin(), values.end()};
}

// b alone is right on `only_b` rows, a alone on `only_a`, both on the rest.
struct Two {
  std::vector<bool> a, b;
};
Two models(size_t rows, size_t only_a, size_t only_b) {
  Two two{std::vector<bool>(rows, true), std::vector<bool>(rows, true)};
  for (size_t i = 0; i < only_a; ++i) two.b[i] = false;
  for (size_t i = 0; i < only_b; ++i) two.a[only_a + i] = false;
  return two;
}

PairedDifference compare(const Two& two, const BootstrapOptions& options = {}) {
  return paired_bootstrap(two.a.size(), mean_statistic(zeros_and_ones(two.a)),
                          mean_statistic(zeros_and_ones(two.b)), options);
}

TEST(PairedBootstrap, OneModelAgainstItselfIsNoDifference) {
  const Predictions p = drawn_predictions(100, 3, 1);
  const auto result =
      paired_bootstrap(100, macro_f1_statistic(p), macro_f1_statistic(p));
  EXPECT_EQ(result.difference, 0);
  EXPECT_EQ(result.interval.low, 0);
  EXPECT_EQ(result.interval.high, 0);
  EXPECT_EQ(result.p, 1);
  EXPECT_EQ(result.method, IntervalMethod::kPercentile);
}

TEST(PairedBootstrap, SpreadOfAnAccuracyDifferenceIsTheKnownOne) {
  // d is 1 on 30 rows, -1 on 10: mean 0.05, variance 0.1 - 0.0025 over 400.
  const auto result = compare(models(400, 30, 10));
  EXPECT_NEAR(result.difference, 0.05, 1e-15);
  EXPECT_NEAR(result.standard_error, std::sqrt(0.0975 / 400), 3e-4);
  EXPECT_NEAR(result.interval.low, 0.05 - 1.96 * 0.0156, 0.003);
  EXPECT_NEAR(result.interval.high, 0.05 + 1.96 * 0.0156, 0.003);
}

TEST(PairedBootstrap, PComesNearMcNemars) {
  for (const auto& [a, b] : {std::pair{60, 40}, {75, 50}, {52, 50}}) {
    const Two two = models(1000, a, b);
    EXPECT_NEAR(compare(two).p, mcnemar(two.a, two.b).mid_p, 0.015)
        << a << " against " << b;
  }
}

TEST(PairedBootstrap, ChangingSidesChangesTheSignAlone) {
  const Predictions a = drawn_predictions(300, 3, 1, 1.5);
  Predictions b = drawn_predictions(300, 3, 2, 1.0);
  b.labels = a.labels;
  const auto one =
      paired_bootstrap(300, macro_f1_statistic(a), macro_f1_statistic(b));
  const auto other =
      paired_bootstrap(300, macro_f1_statistic(b), macro_f1_statistic(a));
  EXPECT_EQ(one.difference, -other.difference);
  EXPECT_NEAR(one.interval.low, -other.interval.high, 1e-12);
  EXPECT_NEAR(one.interval.high, -other.interval.low, 1e-12);
  EXPECT_NEAR(one.p, other.p, 1e-12);
}

TEST(PairedBootstrap, PAndIntervalSayTheSame) {
  int significant = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Predictions a = drawn_predictions(120, 2, seed, 1.2);
    Predictions b = drawn_predictions(120, 2, seed + 1000, 0.9);
    BootstrapOptions options;
    options.resamples = 1000;
    const auto result = paired_bootstrap(120, auc_statistic(a, 1),
                                         auc_statistic(b, 1), options);
    const bool outside = result.interval.low > 0 || result.interval.high < 0;
    significant += outside;
    if (std::abs(result.p - 0.05) > 0.004) {
      EXPECT_EQ(outside, result.p < 0.05) << seed << ": p " << result.p;
    }
  }
  EXPECT_GT(significant, 3);
  EXPECT_LT(significant, 57);
}

TEST(PairedBootstrap, PIsNeverBelowWhatTheResamplesCanShow) {
  BootstrapOptions options;
  options.resamples = 999;
  EXPECT_DOUBLE_EQ(compare(models(200, 100, 0), options).p, 0.002);
}

TEST(PairedBootstrap, CopiesMakeNoEvidence) {
  // 12 images on which a alone is right, 5 for b, all of them ten times.
  const Two once = models(100, 12, 5);
  Two copied;
  BootstrapOptions grouped;
  for (int64_t i = 0; i < 1000; ++i) {
    copied.a.push_back(once.a[static_cast<size_t>(i / 10)]);
    copied.b.push_back(once.b[static_cast<size_t>(i / 10)]);
    grouped.groups.push_back(i / 10);
  }
  EXPECT_LT(compare(copied).p, 0.001);
  EXPECT_NEAR(compare(copied, grouped).p, compare(once).p, 1e-9);
  EXPECT_GT(compare(once).p, 0.05);
}

TEST(PairedBootstrap, RejectsStatisticsOfOtherRows) {
  const Statistic three = mean_statistic(std::vector<double>{1, 0, 1});
  const Statistic four = mean_statistic(std::vector<double>{1, 0, 1, 0});
  EXPECT_EQ(error_text([&] { paired_bootstrap(3, three, four); }),
            "[statistic] expected a weight for each of the 4 rows; got 3. Are "
            "both statistics of the same rows?");
}

}  // namespace
}  // namespace fer
