#include "compare/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run_builder.h"
#include "stats/pairing.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Comparison two(const TemporaryFolder& folder,
               const RunSettings& settings = {}) {
  const MarkedPair pair = marked_pair(80, 9, 1, 10);
  return compare_runs(lineup_of(folder, {pair.a, pair.b}, settings),
                      {.resamples = 1000});
}

TEST(Comparison, CountsTheFourFieldsOfThePair) {
  const TemporaryFolder folder;
  const Comparison comparison = two(folder);
  const PairDetails& pair = comparison.details.at(0);
  EXPECT_EQ(pair.both_right, 80);
  EXPECT_EQ(pair.mcnemar->only_a, 9);
  EXPECT_EQ(pair.mcnemar->only_b, 1);
  EXPECT_EQ(pair.both_wrong, 10);
  EXPECT_DOUBLE_EQ(pair.mcnemar->exact_p, 22.0 / 1024);
  // 2 P(X < 1) + P(X = 1) = (2 + 10) / 1024
  EXPECT_DOUBLE_EQ(pair.mcnemar->mid_p, 12.0 / 1024);
}

TEST(Comparison, JsonHoldsTheSentenceThePairAndTheImages) {
  const TemporaryFolder folder;
  const Comparison comparison = two(folder, {.leaky_share = 0.25});
  const Json json = compare_json(comparison);
  EXPECT_EQ(json["sentence"], compare_sentence(comparison));
  EXPECT_EQ(json["n"], 100);
  EXPECT_EQ(json["different_images"], 100);
  EXPECT_EQ(json["runs"][0]["name"], "a");
  EXPECT_EQ(json["runs"][0]["leaky_share"], 0.25);
  EXPECT_EQ(json["runs"][0]["scores"]["accuracy"], 0.89);
  EXPECT_EQ(json["pairs"][0]["verdict"], "better");
  EXPECT_EQ(json["pairs"][0]["what"], "accuracy");
  EXPECT_EQ(json["pairs"][0]["test"], "exact McNemar");
  EXPECT_EQ(json["details"][0]["rows"]["only_second"], 1);
  EXPECT_EQ(json["details"][0]["first_better"].size(), 9u);
  EXPECT_THAT(json["details"][0]["second_better"], ElementsAre("img-89"));
}

TEST(Comparison, TextMarksLeakyRunsInEveryLineThatNamesThem) {
  const TemporaryFolder folder;
  const std::string text = compare_text(two(folder, {.leaky_share = 0.375}));
  for (size_t at = text.find("only a"); at != std::string::npos;
       at = text.find("only a", at + 1))
    EXPECT_EQ(text.substr(at, 21), "only a (leaky 37.5 %)");
  EXPECT_THAT(text, HasSubstr("a (leaky 37.5 %) against b (leaky 37.5 %)\n"));
  EXPECT_THAT(text, HasSubstr("\na (leaky 37.5 %)"));
  EXPECT_THAT(text, HasSubstr("recall of"));
}

// Each image twice is no more evidence than each image once: what is drawn is
// the picture, so the resamples are the same.
TEST(Comparison, CopiesAddNothingToTheEvidence) {
  const MarkedPair once = marked_pair(40, 9, 2, 9);
  const auto twice = [](const Predictions& p) {
    std::vector<size_t> rows(2 * p.size());
    for (size_t i = 0; i < rows.size(); ++i) rows[i] = i % p.size();
    return select_rows(p, rows);
  };
  const auto compared = [](const Predictions& a, const Predictions& b) {
    const TemporaryFolder folder;
    return compare_runs(lineup_of(folder, {a, b}),
                        {.metric = "macro_f1", .resamples = 1000});
  };
  const Comparison single = compared(once.a, once.b),
                   doubled = compared(twice(once.a), twice(once.b));
  EXPECT_EQ(doubled.lineup.rows(), 120u);
  const Difference &x = single.pairs[0].difference,
                   &y = doubled.pairs[0].difference;
  EXPECT_NEAR(x.p, y.p, 1e-9);
  EXPECT_NEAR(x.interval.low, y.interval.low, 1e-9);
  EXPECT_NEAR(single.scores[0].interval.high, doubled.scores[0].interval.high,
              1e-9);
  for (size_t k = 0; k < 2; ++k)
    EXPECT_NEAR(single.details[0].recalls[k].interval.low,
                doubled.details[0].recalls[k].interval.low, 1e-9);
}

TEST(Comparison, IsTheSameAgain) {
  const TemporaryFolder folder;
  EXPECT_EQ(compare_json(two(folder)).dump(), compare_json(two(folder)).dump());
}

TEST(Comparison, RefusesAnUnknownMetricWithTheNearest) {
  const TemporaryFolder folder;
  const Lineup lineup = lineup_of(folder, {marks("+-"), marks("++")});
  EXPECT_EQ(error_text([&] { compare_runs(lineup, {.metric = "acuracy"}); }),
            "[compare] expected a metric; got 'acuracy'. Did you mean "
            "accuracy?");
  EXPECT_THAT(error_text([&] { compare_runs(lineup, {.metric = "x"}); }),
              HasSubstr("Known: accuracy, balanced_accuracy, macro_f1"));
}

TEST(Comparison, LeavesOutWhatIsUndefinedAndRefusesItAsTheMetric) {
  const TemporaryFolder folder;
  // No sad image: the AUC is undefined.
  const Predictions p =
      table({"happy", "sad"}, {0, 0, 0}, {{.9, .1}, {.8, .2}, {.3, .7}});
  const Lineup lineup = lineup_of(folder, {p, p});
  const Comparison comparison = compare_runs(lineup, {.resamples = 200});
  for (const Difference& d : comparison.details[0].metrics)
    EXPECT_NE(d.what, "auc");
  EXPECT_EQ(comparison.details[0].recalls.size(), 1u);
  EXPECT_THAT(error_text([&] {
                compare_runs(lineup, {.metric = "auc", .resamples = 200});
              }),
              HasSubstr("defined on all 3 rows"));
}

TEST(Comparison, SeveralSeedsHaveNoFourFieldsButAVarianceSplit) {
  const TemporaryFolder folder;
  write_run(folder / "a" / "seed-1", marks("++++++-+++"));
  write_run(folder / "a" / "seed-2", marks("+++-++-+++"));
  write_run(folder / "b", marks("+--+++--++"));
  const Comparison comparison = compare_runs(
      read_lineup({folder / "a", folder / "b"}, "test"), {.resamples = 500});
  EXPECT_FALSE(comparison.details[0].mcnemar);
  EXPECT_TRUE(comparison.scores[0].variance);
  EXPECT_FALSE(comparison.scores[1].variance);
  EXPECT_NEAR(comparison.scores[0].value, 0.85, 1e-12);
  EXPECT_THAT(compare_sentence(comparison),
              HasSubstr("(means over 2 and 1 seeds)"));
  EXPECT_THAT(compare_text(comparison),
              HasSubstr("a: another seed moves the accuracy of one run by"));
}

TEST(Comparison, IntervalsStayWithinWhatAScoreCanBe) {
  const TemporaryFolder folder;
  write_run(folder / "a" / "seed-1", marks("++++++++++"));
  write_run(folder / "a" / "seed-2", marks("+++++++---"));
  write_run(folder / "b", marks("+--+++--++"));
  const Comparison comparison =
      compare_runs(read_lineup({folder / "a", folder / "b"}, "test"),
                   {.metric = "accuracy", .resamples = 500});
  for (const EntryScore& score : comparison.scores) {
    EXPECT_GE(score.interval.low, 0);
    EXPECT_LE(score.interval.high, 1);
  }
}

}  // namespace
}  // namespace fer
