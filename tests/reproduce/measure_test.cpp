#include "reproduce/measure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "experiment_folder.h"
#include "reproduce/score_statistic.h"

namespace fer {
namespace {

constexpr int kResamples = 1'000;

/// Runs of 200 test images, one for each number of true positives of 100.
ExperimentRuns runs_of(const TemporaryFolder& folder,
                       const std::vector<int>& hits) {
  int seed = 0;
  for (const int tp : hits) {
    ExperimentFolder what;
    what.seed = seed++;
    what.test = {tp, 10, 100 - tp, 90};
    write_experiment(folder / std::to_string(what.seed), what);
  }
  return load_experiment(find_runs({folder.path()}), {"report-fernet"});
}

TEST(Measure, OneSeedHasTheIntervalOfItsImages) {
  const TemporaryFolder folder;
  const auto measured =
      measure(runs_of(folder, {90}), "test", "accuracy", "", kResamples);
  ASSERT_TRUE(measured);
  EXPECT_EQ(measured->seeds, 1u);
  EXPECT_DOUBLE_EQ(measured->mean, 0.9);
  EXPECT_TRUE(std::isnan(measured->std));
  // sqrt(.9 * .1 / 200) = .0212; +- 1.96 of it is .858 to .942.
  EXPECT_NEAR(measured->interval.low, 0.85, 0.015);
  EXPECT_NEAR(measured->interval.high, 0.94, 0.015);
}

// Accuracies .88 .90 .92: mean .9, std .02; t(2) = 4.302653; one more seed lies
// within 4.302653 * .02 * sqrt(4/3) = .0994 of the mean.
TEST(Measure, SeveralSeedsAddTheirSpread) {
  const TemporaryFolder folder;
  const auto runs = runs_of(folder, {86, 90, 94});
  const auto measured = measure(runs, "test", "accuracy", "", kResamples);
  ASSERT_TRUE(measured);
  EXPECT_EQ(measured->seeds, 3u);
  EXPECT_NEAR(measured->mean, 0.9, 1e-12);
  EXPECT_NEAR(measured->std, 0.02, 1e-12);
  const double reach = 4.302653 * 0.02 * std::sqrt(4.0 / 3);
  EXPECT_LT(measured->interval.low, 0.9 - reach);
  EXPECT_GT(measured->interval.low, 0.9 - reach - 0.02);
  EXPECT_EQ(measured->interval.high, std::min(1.0, measured->interval.high));
}

TEST(Measure, HasNothingToSayWithoutRunsOrSplit) {
  const TemporaryFolder folder;
  EXPECT_FALSE(measure({}, "test", "accuracy", "", kResamples));
  EXPECT_FALSE(
      measure(runs_of(folder, {90}), "train", "accuracy", "", kResamples));
}

TEST(Measure, ReadsParametersFromTheScores) {
  const TemporaryFolder folder;
  const auto runs = runs_of(folder, {90});
  const auto measured = measure(runs, "train", "parameters", "", kResamples);
  ASSERT_TRUE(measured);
  EXPECT_EQ(measured->mean, 2440929);
  EXPECT_EQ(measured->interval.low, measured->interval.high);
  EXPECT_FALSE(measure(runs, "train", "trainable_parameters", "", kResamples));
}

Measured at(double low, double high) {
  return {3, (low + high) / 2, 0.01, {low, high}};
}

CellVerdict verdict(const char* text, std::optional<Measured> report,
                    std::optional<Measured> clean,
                    const std::string& metric = "accuracy") {
  return judge(parse_printed(text), false, metric, report, clean);
}

// 0.94 stands for .935 to .945.
TEST(Judge, FollowsTheWrittenRules) {
  EXPECT_EQ(verdict("0.94", {}, at(0.9, 0.99)), CellVerdict::kNotRun);
  EXPECT_EQ(verdict("0.94", at(0.94, 0.96), {}), CellVerdict::kReproduced);
  EXPECT_EQ(verdict("0.94", at(0.946, 0.96), {}), CellVerdict::kNotReproduced);
  EXPECT_EQ(verdict("0.94", at(0.90, 0.934), {}), CellVerdict::kNotReproduced);
  EXPECT_EQ(verdict("0.94", at(0.90, 0.9351), {}), CellVerdict::kReproduced);
  EXPECT_EQ(verdict("0.94", at(0.94, 0.96), at(0.88, 0.934)),
            CellVerdict::kExplainedByLeak);
  EXPECT_EQ(verdict("0.94", at(0.94, 0.96), at(0.88, 0.936)),
            CellVerdict::kReproduced);
  // A clean run that is better explains nothing.
  EXPECT_EQ(verdict("0.94", at(0.94, 0.96), at(0.96, 0.99)),
            CellVerdict::kReproduced);
  // Nor does a leak explain what is not reproduced.
  EXPECT_EQ(verdict("0.94", at(0.95, 0.96), at(0.88, 0.90)),
            CellVerdict::kNotReproduced);
}

TEST(Judge, TurnsRoundForLosses) {
  EXPECT_EQ(verdict("0.17", at(0.15, 0.18), at(0.2, 0.3), "log_loss"),
            CellVerdict::kExplainedByLeak);
  EXPECT_EQ(verdict("0.17", at(0.15, 0.18), at(0.1, 0.12), "log_loss"),
            CellVerdict::kReproduced);
}

TEST(Judge, ComparesParametersExactly) {
  EXPECT_EQ(verdict("2,440,929", at(2440929, 2440929), at(5, 5), "parameters"),
            CellVerdict::kReproduced);
  EXPECT_EQ(verdict("2,440,929", at(2440930, 2440930), {}, "parameters"),
            CellVerdict::kNotReproduced);
}

TEST(Judge, NamesItsVerdicts) {
  EXPECT_STREQ(verdict_name(CellVerdict::kExplainedByLeak),
               "explained by the leak");
  EXPECT_STREQ(verdict_name(CellVerdict::kNotRun), "not run");
}

}  // namespace
}  // namespace fer
