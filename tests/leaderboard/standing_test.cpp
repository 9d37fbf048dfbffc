#include "leaderboard/standing.h"

#include <gtest/gtest.h>

#include <cmath>

#include "board_fixture.h"
#include "stats/bootstrap.h"

namespace fer {
namespace {

RunScore score_from(const Predictions& p, const std::string& experiment,
                    int64_t seed = 1) {
  RunScore score;
  score.predictions = p;
  score.origin.experiment = experiment;
  score.origin.seed = seed;
  double right = 0;
  for (size_t i = 0; i < p.size(); ++i) right += p.labels[i] == p.predicted[i];
  score.scores["accuracy"] = right / double(p.size());
  for (size_t i = 0; i < p.size(); ++i) score.groups.push_back(int64_t(i));
  return score;
}

TEST(ShareRight, AveragesSeedsOnTheSameImage) {
  const RunScore first = score_from(decisions({0, 1, 0}, {0, 1, 1}), "x");
  Predictions shuffled = decisions({0, 0, 1}, {0, 0, 0});
  shuffled.ids = {"c", "a", "b"};
  const RunScore second = score_from(shuffled, "x", 2);
  // a: right, right; b: right, wrong; c: wrong, right.
  EXPECT_EQ(share_right(first.predictions, {&first, &second}),
            (std::vector<double>{1, 0.5, 0.5}));
}

std::vector<int64_t> own_groups(size_t n) {
  std::vector<int64_t> groups(n);
  for (size_t i = 0; i < n; ++i) groups[i] = int64_t(i);
  return groups;
}

TEST(AccuracyInterval, OfOneSeedIsTheBootstraps) {
  std::vector<double> right(200, 1.0);
  for (size_t i = 0; i < 30; ++i) right[i] = 0;
  const std::vector<double> seeds = {0.85};
  BootstrapOptions options;
  options.resamples = kBoardResamples;
  options.seed = kBoardSeed;
  const Interval expected =
      bootstrap(200, mean_statistic(right), options).interval;
  const Interval got = accuracy_interval(right, seeds, own_groups(200));
  EXPECT_NEAR(got.low, expected.low, 1e-12);
  EXPECT_NEAR(got.high, expected.high, 1e-12);
  // sqrt(0.85 * 0.15 / 200) = 0.02525; 1.96 times that is 0.0495.
  EXPECT_NEAR(got.low, 0.85 - 0.0495, 0.01);
  EXPECT_NEAR(got.high, 0.85 + 0.0495, 0.01);
}

TEST(AccuracyInterval, AddsTheDoubtOfSeedsAsSquares) {
  std::vector<double> right(200, 1.0);
  for (size_t i = 0; i < 30; ++i) right[i] = 0;
  const std::vector<double> one = {0.85}, two = {0.84, 0.86};
  const Interval images = accuracy_interval(right, one, own_groups(200));
  const Interval both = accuracy_interval(right, two, own_groups(200));
  // t(0.975, 1) = 12.7062; s = 0.02 / sqrt(2), so t s / sqrt(2) = 0.127062.
  EXPECT_NEAR(0.85 - both.low, std::hypot(0.85 - images.low, 0.127062), 1e-6);
  EXPECT_NEAR(both.high - 0.85,
              std::min(0.15, std::hypot(images.high - 0.85, 0.127062)), 1e-6);
}

TEST(AccuracyInterval, IsWilsonsWhereAllAreRight) {
  const std::vector<double> right(50, 1.0), seeds = {1.0};
  const Interval got = accuracy_interval(right, seeds, own_groups(50));
  // z^2 = 3.841459; low = 1 / (1 + z^2 / 50) = 0.928652.
  EXPECT_NEAR(got.low, 0.928652, 1e-6);
  EXPECT_EQ(got.high, 1);
}

TEST(AccuracyInterval, IsWiderWhereRowsAreCopies) {
  std::vector<double> right(200, 1.0);
  std::vector<int64_t> pairs(200);
  for (size_t i = 0; i < 200; ++i) {
    if (i < 60) right[i] = 0;
    pairs[i] = int64_t(i / 2);
  }
  const std::vector<double> seeds = {0.7};
  const Interval alone = accuracy_interval(right, seeds, own_groups(200));
  const Interval grouped = accuracy_interval(right, seeds, pairs);
  // 100 pictures instead of 200: sqrt(2) times as wide.
  EXPECT_NEAR((grouped.high - grouped.low) / (alone.high - alone.low),
              std::sqrt(2.0), 0.1);
}

// Expected numbers: tests/reference/leaderboard_seeds.py.
TEST(SeedsP, IsWelchsAndTakesTheDoubtFromImagesAsKnown) {
  const std::vector<double> a = {0.80, 0.82, 0.81}, b = {0.75, 0.77};
  EXPECT_NEAR(seeds_p(0.05, 0, a, b, {}), 0.06649603374135454, 1e-12);
  EXPECT_NEAR(seeds_p(-0.05, 0.01, a, b, {}), 0.02113476288225222, 1e-12);
}

TEST(SeedsP, TakesTheTablesSpreadForASingleSeed) {
  const std::vector<double> one = {0.8}, two = {0.8, 0.9};
  const SeedSpread spread = {0.005, 1};
  EXPECT_NEAR(seeds_p(0.1, 0.01, one, two, spread), 0.4525741299777648, 1e-12);
  EXPECT_NEAR(seeds_p(0.1, 0.01, two, one, spread), 0.4525741299777648, 1e-12);
  // Two single ones: t = .1 / .1, and p = 1 - 2 atan(t) / pi.
  EXPECT_NEAR(seeds_p(0.1, 0, one, one, spread), 0.5, 1e-12);
}

TEST(TableSpread, PoolsTheSquaresOfAllRows) {
  const std::vector<std::vector<double>> rows = {
      {0.8, 0.9}, {0.5}, {0.1, 0.2, 0.3}};
  const SeedSpread spread = table_spread(rows);
  EXPECT_EQ(spread.freedom, 3);
  // (2 * .05^2 + 2 * .1^2) / 3
  EXPECT_NEAR(spread.variance, 0.025 / 3, 1e-15);
  const std::vector<std::vector<double>> single = {{0.8}, {0.5}};
  EXPECT_EQ(table_spread(single).variance, 0);
  EXPECT_EQ(table_spread(single).freedom, 0);
}

TEST(SeedsP, SaysNothingOfSingleSeedsOrEqualOnes) {
  const std::vector<double> one = {0.8}, equal = {0.7, 0.7};
  EXPECT_EQ(seeds_p(0.1, 0.01, one, one, {}), 0);
  EXPECT_EQ(seeds_p(0.1, 0.01, equal, equal, {}), 0);
}

struct Compared {
  std::vector<BoardRow> rows;
};

Compared compare(const std::vector<RunScore>& scores) {
  Compared result;
  result.rows.resize(scores.size());
  std::vector<BoardRow*> rows;
  std::vector<SeedRuns> runs;
  for (size_t i = 0; i < scores.size(); ++i) {
    rows.push_back(&result.rows[i]);
    runs.push_back({&scores[i]});
  }
  set_standings(rows, runs);
  return result;
}

TEST(Standings, TieWhatCannotBeToldFromTheBest) {
  const RunSpec spec{.images = 300, .skill = 1.2};
  RunSpec other = spec, weak = spec;
  other.experiment = "beta";
  weak.skill = 0.1;
  const auto [rows] = compare({score_from(drawn_predictions(weak), "weak"),
                               score_from(drawn_predictions(spec), "alpha"),
                               score_from(drawn_predictions(other), "beta")});
  EXPECT_EQ(rows[0].standing, Standing::kBehind);
  EXPECT_LT(rows[0].p, 0.01);
  EXPECT_LT(rows[0].difference, -0.1);
  const size_t best = rows[1].standing == Standing::kBest ? 1 : 2;
  EXPECT_EQ(rows[best].standing, Standing::kBest);
  EXPECT_EQ(rows[best].difference, 0);
  EXPECT_EQ(rows[3 - best].standing, Standing::kTied);
  EXPECT_GE(rows[3 - best].p, 0.05);
}

TEST(Standings, OfTwinsAreBestAndTied) {
  const Predictions p = drawn_predictions({.images = 40});
  const auto [rows] = compare({score_from(p, "a"), score_from(p, "b")});
  EXPECT_EQ(rows[0].standing, Standing::kBest);
  EXPECT_EQ(rows[1].standing, Standing::kTied);
  EXPECT_EQ(rows[1].p, 1);
}

TEST(Standings, AreAdjustedForTheNumberOfRows) {
  // b is wrong on 3 of 20 images: p is about 0.01 alone, and ten times that
  // beside nine rows more like it.
  std::vector<int64_t> labels(20, 0), right(20, 0), wrong(20, 0);
  for (size_t i = 0; i < 3; ++i) wrong[i] = 1;
  const RunScore a = score_from(decisions(labels, right), "a");
  const RunScore b = score_from(decisions(labels, wrong), "b");
  const auto [two] = compare({a, b});
  std::vector<RunScore> many = {a};
  for (int i = 0; i < 10; ++i) many.push_back(b);
  const auto [eleven] = compare(many);
  EXPECT_NEAR(eleven[1].p, std::min(1.0, 10 * two[1].p), 1e-9);
  EXPECT_EQ(two[1].standing, Standing::kBehind);
  EXPECT_EQ(eleven[1].standing, Standing::kTied);
}

TEST(Standings, TieWhatTheSeedsCannotTellApart) {
  // 0.9 and 0.7 against 0.5 and 0.7 on the same 100 images: far apart as
  // networks (p < 0.001), but not as experiments of two seeds each (t = 1.41).
  const auto with = [](size_t right, int64_t seed) {
    Predictions p = drawn_predictions({.images = 100});
    for (size_t i = 0; i < 100; ++i)
      p.predicted[i] = i < right ? p.labels[i] : 1 - p.labels[i];
    return score_from(p, "x", seed);
  };
  const RunScore a1 = with(90, 1), a2 = with(70, 2), b1 = with(50, 1),
                 b2 = with(70, 2);
  std::vector<BoardRow> rows(2);
  std::vector<BoardRow*> pointers = {&rows[0], &rows[1]};
  const std::vector<SeedRuns> runs = {{&a1, &a2}, {&b1, &b2}};
  set_standings(pointers, runs);
  EXPECT_EQ(rows[1].standing, Standing::kTied);
  const std::vector<SeedRuns> single = {{&a1}, {&b1}};
  set_standings(pointers, single);
  EXPECT_EQ(rows[1].standing, Standing::kBehind);
}

TEST(Standings, OfOneRowAreBest) {
  const auto [rows] = compare({score_from(drawn_predictions({}), "a")});
  EXPECT_EQ(rows[0].standing, Standing::kBest);
  EXPECT_LT(rows[0].accuracy_interval.low, rows[0].accuracy_interval.high);
}

}  // namespace
}  // namespace fer
