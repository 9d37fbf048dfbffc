#include "metrics/curve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error.h"

namespace fer {
namespace {

using Labels = std::vector<int64_t>;
using Numbers = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();

// scikit-learn's own example: negatives .1 and .4, positives .35 and .8.
const Labels kLabels = {0, 0, 1, 1};
const Numbers kScores = {0.1, 0.4, 0.35, 0.8};

template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(RocCurve, TakesOnePointPerScore) {
  const RocCurve curve = roc_curve(kLabels, 1, kScores);
  EXPECT_EQ(curve.false_positive_rate, (Numbers{0, 0, 0.5, 0.5, 1}));
  EXPECT_EQ(curve.true_positive_rate, (Numbers{0, 0.5, 0.5, 1, 1}));
  EXPECT_EQ(curve.thresholds, (Numbers{kInf, 0.8, 0.4, 0.35, 0.1}));
}

TEST(RocCurve, JoinsTiesToOnePoint) {
  const RocCurve curve =
      roc_curve(Labels{0, 1, 1, 0}, 1, Numbers{0.5, 0.5, 0.9, 0.2});
  EXPECT_EQ(curve.false_positive_rate, (Numbers{0, 0, 0.5, 1}));
  EXPECT_EQ(curve.true_positive_rate, (Numbers{0, 0.5, 1, 1}));
}

TEST(RocCurve, DropsPointsOnStraightLinesIfAsked) {
  // Up to (0, 1) in thirds, then right to (1, 1): the corner stays, and the
  // first and last thresholds, as in scikit-learn.
  const Labels labels = {1, 1, 1, 0, 0, 0};
  const Numbers scores = {6, 5, 4, 3, 2, 1};
  EXPECT_EQ(roc_curve(labels, 1, scores).thresholds.size(), 7u);
  EXPECT_EQ(roc_curve(labels, 1, scores, true).thresholds,
            (Numbers{kInf, 6, 4, 1}));
}

TEST(RocCurve, HasNoRateOfASideWithoutImages) {
  const RocCurve curve = roc_curve(Labels{1, 1}, 1, Numbers{0.2, 0.3});
  for (const double rate : curve.false_positive_rate)
    EXPECT_TRUE(std::isnan(rate));
  EXPECT_EQ(curve.true_positive_rate, (Numbers{0, 0.5, 1}));
}

TEST(AreaUnderRoc, IsTheShareOfPairsInTheRightOrder) {
  // .35 > .1, .8 > .1, .8 > .4, but .35 < .4: 3 of 4 pairs.
  EXPECT_DOUBLE_EQ(area_under_roc(kLabels, 1, kScores), 0.75);
  EXPECT_DOUBLE_EQ(area_under_roc(kLabels, 0, kScores), 0.25);
}

TEST(AreaUnderRoc, CountsTiesHalf) {
  EXPECT_DOUBLE_EQ(area_under_roc(Labels{0, 1}, 1, Numbers{0.5, 0.5}), 0.5);
  // Pairs with positive .5: tie with .5, above .2; with .9: two: 3.5 / 4.
  EXPECT_DOUBLE_EQ(
      area_under_roc(Labels{0, 1, 1, 0}, 1, Numbers{0.5, 0.5, 0.9, 0.2}),
      0.875);
}

TEST(AreaUnderRoc, IsUndefinedForOneClass) {
  EXPECT_TRUE(std::isnan(area_under_roc(Labels{1, 1}, 1, Numbers{0, 1})));
  EXPECT_TRUE(std::isnan(area_under_roc(Labels{0, 0}, 1, Numbers{0, 1})));
}

TEST(AreaFromHardLabels, IsTheMeanOfRecallAndSpecificity) {
  // Positives: 2 of 3 found. Negatives: 1 of 2 left alone. (2/3 + 1/2) / 2
  EXPECT_DOUBLE_EQ(
      area_from_hard_labels(Labels{1, 1, 1, 0, 0}, 1, Labels{1, 1, 0, 1, 0}),
      7.0 / 12);
}

TEST(PrecisionRecallCurve, EndsAtRecallZeroWithPrecisionOne) {
  const auto curve = precision_recall_curve(kLabels, 1, kScores);
  EXPECT_EQ(curve.precision, (Numbers{0.5, 2.0 / 3, 0.5, 1, 1}));
  EXPECT_EQ(curve.recall, (Numbers{1, 1, 0.5, 0.5, 0}));
  EXPECT_EQ(curve.thresholds, (Numbers{0.1, 0.35, 0.4, 0.8}));
}

TEST(PrecisionRecallCurve, KeepsTheEndsOfEachRecallIfAsked) {
  const Labels labels = {1, 0, 0, 0, 1};
  const Numbers scores = {5, 4, 3, 2, 1};
  // Recall 1/2 from 5 down to 2: the one in the middle goes.
  EXPECT_EQ(precision_recall_curve(labels, 1, scores, true).thresholds,
            (Numbers{1, 2, 5}));
}

TEST(PrecisionRecallCurve, HasRecallOneWithoutPositives) {
  const auto curve = precision_recall_curve(Labels{0, 0}, 1, Numbers{0.1, 0.2});
  EXPECT_EQ(curve.recall, (Numbers{1, 1, 0}));
  EXPECT_EQ(curve.precision, (Numbers{0, 0, 1}));
}

TEST(AveragePrecision, SumsPrecisionOverTheStepsOfRecall) {
  // .8 finds half at precision 1; .35 the other half at 2/3: .5 + 1/3
  EXPECT_DOUBLE_EQ(average_precision(kLabels, 1, kScores), 5.0 / 6);
  EXPECT_EQ(average_precision(Labels{0, 0}, 1, Numbers{0.1, 0.2}), 0);
}

TEST(Curves, RejectWhatHasNoOrder) {
  EXPECT_EQ(error_of([] { roc_curve({}, 1, {}); }),
            "[curve] expected at least one image; got none. Is the split "
            "empty?");
  EXPECT_EQ(error_of([] { area_under_roc(kLabels, 1, Numbers{1}); }),
            "[curve] expected a score for each label; got 4 labels and 1 "
            "scores.");
  EXPECT_EQ(error_of([] {
              precision_recall_curve(Labels{0, 1}, 1, Numbers{0, std::nan("")});
            }),
            "[curve] expected finite scores; got nan (row 1).");
  EXPECT_EQ(error_of([] { average_precision(Labels{0}, 1, Numbers{kInf}); }),
            "[curve] expected finite scores; got inf (row 0).");
  EXPECT_EQ(error_of([] { area_from_hard_labels(kLabels, 1, Labels{1}); }),
            "[curve] expected a score for each label; got 4 labels and 1 "
            "scores.");
}

}  // namespace
}  // namespace fer
