// Do 95 % intervals hold the truth in 95 % of data sets? 300 of them each, so
// the share itself has a deviation of 0.0126.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "stats/bootstrap.h"
#include "stats/delong.h"
#include "stats/distributions.h"
#include "stats/seeds.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

constexpr int kDataSets = 300;

double share_of(const std::function<bool(uint64_t seed)>& holds) {
  int n = 0;
  for (int i = 0; i < kDataSets; ++i) n += holds(static_cast<uint64_t>(i));
  return n / static_cast<double>(kDataSets);
}

bool holds(const Interval& interval, double truth) {
  return interval.low <= truth && truth <= interval.high;
}

BootstrapOptions options(uint64_t seed) {
  BootstrapOptions result;
  result.resamples = 1000;
  result.seed = seed;
  return result;
}

// Three classes of 50, 30 and 20 %, taken for each other as below.
const std::vector<double> kShares = {0.5, 0.3, 0.2};
const std::vector<std::vector<double>> kConfusion = {
    {0.8, 0.1, 0.1}, {0.2, 0.7, 0.1}, {0.3, 0.2, 0.5}};

double true_macro_f1() {
  double sum = 0;
  for (size_t k = 0; k < 3; ++k) {
    double predicted = 0;
    for (size_t j = 0; j < 3; ++j) predicted += kShares[j] * kConfusion[j][k];
    sum += 2 * kShares[k] * kConfusion[k][k] / (kShares[k] + predicted);
  }
  return sum / 3;
}

Predictions confused(size_t rows, uint64_t seed) {
  Draws draws(seed);
  Predictions p;
  p.class_names = {"a", "b", "c"};
  for (size_t i = 0; i < rows; ++i) {
    const int64_t label = draws.choice(kShares);
    p.labels.push_back(label);
    p.predicted.push_back(draws.choice(kConfusion[static_cast<size_t>(label)]));
    p.ids.push_back(std::to_string(i));
    p.probabilities.insert(p.probabilities.end(), {0.25, 0.25, 0.5});
  }
  return p;
}

TEST(Coverage, BcaOfMacroF1) {
  const double share = share_of([](uint64_t seed) {
    const Predictions p = confused(200, seed);
    return holds(bootstrap(200, macro_f1_statistic(p), options(seed)).interval,
                 true_macro_f1());
  });
  EXPECT_GT(share, 0.91);
  EXPECT_LT(share, 0.985);
}

// A symmetric interval of a mean of skewed values misses on one side.
TEST(Coverage, BcaOfASkewedMeanMissesOnBothSides) {
  int bca_low = 0, bca_high = 0, normal_low = 0, normal_high = 0;
  const double share = share_of([&](uint64_t seed) {
    Draws draws(seed);
    std::vector<double> values(40);
    for (double& value : values) value = draws.exponential();
    const auto one = bootstrap(40, mean_statistic(values), options(seed));
    bca_low += one.interval.high < 1;
    bca_high += one.interval.low > 1;
    normal_low += one.value + 1.96 * one.standard_error < 1;
    normal_high += one.value - 1.96 * one.standard_error > 1;
    return holds(one.interval, 1);
  });
  EXPECT_GT(share, 0.90);
  EXPECT_LT(share, 0.98);
  EXPECT_LT(bca_low - bca_high, normal_low - normal_high);
}

// Positive scores N(1.2, 1), negative N(0, 1): AUC = Phi(1.2 / sqrt 2).
TEST(Coverage, BcaAndDelongOfAuc) {
  const double truth = normal_cdf(1.2 / std::sqrt(2));
  int delong_holds = 0;
  const double share = share_of([&](uint64_t seed) {
    Draws draws(seed);
    Predictions p;
    p.class_names = {"a", "b"};
    for (int64_t i = 0; i < 120; ++i) {
      p.labels.push_back(i % 3 == 0);
      const double score =
          normal_cdf(draws.normal() + (i % 3 == 0 ? 1.2 : 0.0));
      p.probabilities.insert(p.probabilities.end(), {1 - score, score});
      p.ids.push_back(std::to_string(i));
      p.predicted.push_back(0);
    }
    delong_holds += holds(delong(p.labels, 1, p.scores(1)).interval, truth);
    return holds(bootstrap(120, auc_statistic(p, 1), options(seed)).interval,
                 truth);
  });
  EXPECT_GT(share, 0.91);
  EXPECT_LT(share, 0.985);
  EXPECT_GT(delong_holds / 300.0, 0.91);
  EXPECT_LT(delong_holds / 300.0, 0.985);
}

TEST(Coverage, GroupsOfCopiesNeedGroups) {
  int rows_hold = 0;
  const double share = share_of([&](uint64_t seed) {
    Draws draws(seed);
    std::vector<double> right;
    BootstrapOptions grouped = options(seed);
    for (int64_t image = 0; image < 80; ++image) {
      const double value = draws.uniform() < 0.75 ? 1.0 : 0.0;
      for (int64_t copy = draws.below(5); copy >= 0; --copy) {
        right.push_back(value);
        grouped.groups.push_back(image);
      }
    }
    const Statistic mean = mean_statistic(right);
    rows_hold +=
        holds(bootstrap(right.size(), mean, options(seed)).interval, 0.75);
    return holds(bootstrap(right.size(), mean, grouped).interval, 0.75);
  });
  EXPECT_GT(share, 0.91);
  EXPECT_LT(share, 0.98);
  EXPECT_LT(rows_hold / 300.0, 0.82);
}

TEST(Coverage, PairedBootstrapOfEqualModelsFindsADifferenceInFivePercent) {
  const double share = share_of([](uint64_t seed) {
    const Predictions a = confused(200, 2 * seed);
    Predictions b = confused(200, 2 * seed + 1);
    b.labels = a.labels;
    // b's answers drawn anew for a's labels: equally good models.
    Draws draws(seed, 1);
    for (size_t i = 0; i < 200; ++i) {
      b.predicted[i] =
          draws.choice(kConfusion[static_cast<size_t>(a.labels[i])]);
    }
    return paired_bootstrap(200, macro_f1_statistic(a), macro_f1_statistic(b),
                            options(seed))
               .p < 0.05;
  });
  EXPECT_GT(share, 0.015);
  EXPECT_LT(share, 0.09);
}

TEST(Coverage, TIntervalOverFiveSeeds) {
  const double share = share_of([](uint64_t seed) {
    Draws draws(seed);
    std::vector<double> values(5);
    for (double& value : values) value = 0.7 + 0.01 * draws.normal();
    return holds(summarise(values).interval, 0.7);
  });
  EXPECT_GT(share, 0.91);
  EXPECT_LT(share, 0.985);
}

}  // namespace
}  // namespace fer
