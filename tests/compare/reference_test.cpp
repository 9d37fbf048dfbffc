// Against scikit-learn, scipy and statsmodels
// (tests/reference/compare_runs.py).
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare/comparison.h"
#include "run_builder.h"

namespace fer {
namespace {

const Json& reference() {
  static const Json json =
      read_json(FERBENCH_SOURCE_DIR "/tests/reference/compare_runs.json");
  return json;
}

Predictions run_of(const Json& part, const Json& rows) {
  const auto probabilities = rows.get<std::vector<std::vector<double>>>();
  std::vector<std::string> classes = {"fear", "happy", "sad"};
  classes.resize(probabilities[0].size());
  return table(classes, part["labels"].get<std::vector<int64_t>>(),
               probabilities);
}

Comparison compared(const char* name, const std::string& metric = "accuracy") {
  const TemporaryFolder folder;
  const Json& part = reference()[name];
  std::vector<Predictions> runs;
  for (const auto& [run, rows] : part["runs"].items())
    runs.push_back(run_of(part, rows));
  return compare_runs(lineup_of(folder, runs), {.metric = metric});
}

// Runs of the reference by their place.
std::string key(const char* name, size_t entry) {
  auto it = reference()[name]["runs"].begin();
  for (size_t i = 0; i < entry; ++i) ++it;
  return it.key();
}

void expect_scores(const char* name) {
  const Comparison comparison = compared(name);
  const auto metrics = compare_metrics();
  for (size_t i = 0; i < comparison.values.size(); ++i) {
    const Json& expected = reference()[name]["scores"][key(name, i)];
    for (size_t m = 0; m < metrics.size(); ++m)
      EXPECT_NEAR(comparison.values[i][m],
                  expected[std::string(metrics[m].name)].get<double>(), 1e-9)
          << name << " " << i << " " << metrics[m].name;
  }
}

TEST(CompareReference, ScoresAreScikitLearns) {
  expect_scores("three");
  expect_scores("two");
}

void expect_pairs(const char* name) {
  const Comparison comparison = compared(name);
  const Json& part = reference()[name];
  for (const PairTest& pair : comparison.pairs) {
    const bool turned = pair.a > pair.b;  // the reference has the first first
    const size_t first = std::min(pair.a, pair.b),
                 second = std::max(pair.a, pair.b);
    const Json& expected = part["pairs"][key(name, first) + key(name, second)];
    EXPECT_NEAR(pair.difference.p, expected["exact_p"].get<double>(), 1e-12);
    const double sign = turned ? -1 : 1;
    const Interval interval = pair.difference.interval;
    const double low = sign * (turned ? interval.high : interval.low);
    const double high = sign * (turned ? interval.low : interval.high);
    // scipy draws other resamples, and not by class: a step is 1 / 240.
    EXPECT_NEAR(low, expected["accuracy_interval"][0].get<double>(), 0.0085);
    EXPECT_NEAR(high, expected["accuracy_interval"][1].get<double>(), 0.0085);
    if (part.contains("holm")) {
      EXPECT_NEAR(
          pair.holm_p,
          part["holm"][key(name, first) + key(name, second)].get<double>(),
          1e-12);
    }
  }
}

TEST(CompareReference, PairsAreThoseOfStatsmodelsAndScipy) {
  expect_pairs("three");
  expect_pairs("two");
}

TEST(CompareReference, HolmDecidesOverAllPairs) {
  const Comparison comparison = compared("three");
  ASSERT_EQ(comparison.pairs.size(), 3u);
  // Exact p 0.015, 0.098, 0.50; Holm's 0.046, 0.197, 0.50.
  EXPECT_EQ(comparison.order[0], 0u);
  for (const PairTest& pair : comparison.pairs)
    EXPECT_EQ(pair.distinguishable, pair.a == 0 && pair.b == 1);
}

TEST(CompareReference, RecallsAndMidP) {
  for (const char* name : {"three", "two"}) {
    const Comparison comparison = compared(name);
    for (const PairDetails& pair : comparison.details) {
      const Json& expected =
          reference()[name]["pairs"][key(name, pair.a) + key(name, pair.b)];
      EXPECT_NEAR(pair.mcnemar->mid_p, expected["mid_p"].get<double>(), 1e-12);
      EXPECT_EQ(pair.both_right, expected["table"][0][0]);
      EXPECT_EQ(pair.mcnemar->only_a, expected["table"][0][1]);
      EXPECT_EQ(pair.mcnemar->only_b, expected["table"][1][0]);
      EXPECT_EQ(pair.both_wrong, expected["table"][1][1]);
      for (size_t k = 0; k < pair.recalls.size(); ++k) {
        const Json& scores = reference()[name]["scores"];
        EXPECT_NEAR(pair.recalls[k].a,
                    scores[key(name, pair.a)]["recalls"][k].get<double>(),
                    1e-12);
        EXPECT_NEAR(pair.recalls[k].b,
                    scores[key(name, pair.b)]["recalls"][k].get<double>(),
                    1e-12);
        EXPECT_NEAR(pair.recalls[k].p, expected["recall_p"][k].get<double>(),
                    1e-12);
      }
    }
  }
}

TEST(CompareReference, AucOfTwoClassesIsTestedByDeLong) {
  const Comparison comparison = compared("two", "auc");
  const Difference& d = comparison.pairs[0].difference;
  EXPECT_EQ(d.test, DifferenceTest::kDeLong);
  const Json& scores = reference()["two"]["scores"];
  EXPECT_NEAR(
      d.difference,
      scores["d"]["auc"].get<double>() - scores["e"]["auc"].get<double>(),
      1e-12);
}

TEST(CompareReference, SeedsAddTheirVariance) {
  const TemporaryFolder folder;
  const Json& part = reference()["seeds"];
  for (const char* name : {"f", "g"})
    for (size_t s = 0; s < 3; ++s)
      write_run(folder / name / fmt::format("seed-{}", s),
                run_of(part, part["runs"][name][s]));
  const Comparison comparison =
      compare_runs(read_lineup({folder / "f", folder / "g"}, "test"));
  for (size_t i = 0; i < 2; ++i) {
    const Json& expected = part["entries"][i == 0 ? "f" : "g"];
    const EntryScore& score = comparison.scores[i];
    EXPECT_NEAR(score.value, expected["accuracy"].get<double>(), 1e-12);
    EXPECT_NEAR(score.seeds.std, expected["std"].get<double>(), 1e-12);
    EXPECT_NEAR(score.variance->seed, expected["var_seed"].get<double>(),
                1e-12);
  }
  const Difference& d = comparison.pairs[0].difference;
  EXPECT_EQ(d.test, DifferenceTest::kBootstrapSeeds);
  EXPECT_NEAR(d.difference, part["test"]["difference"].get<double>(), 1e-12);
  // The reference has the variance over the images in closed form; 10,000
  // resamples meet its root within 2 %, and it is a small part of the sum.
  EXPECT_NEAR(d.interval.low, part["test"]["interval"][0].get<double>(), 0.002);
  EXPECT_NEAR(d.interval.high, part["test"]["interval"][1].get<double>(),
              0.002);
  EXPECT_NEAR(d.p, part["test"]["p"].get<double>(), 0.001);
}

}  // namespace
}  // namespace fer
