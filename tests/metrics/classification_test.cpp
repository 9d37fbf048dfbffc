#include "metrics/classification.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error.h"

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
using Labels = std::vector<int64_t>;

// Counts [[3, 1], [2, 4]]: 4 of class 0, 6 of class 1.
ConfusionMatrix two_classes() {
  return {Labels{0, 0, 0, 0, 1, 1, 1, 1, 1, 1},
          Labels{0, 0, 0, 1, 0, 0, 1, 1, 1, 1}, 2};
}

// Classes 0 and 1 have one image each, taken for 0; class 2 none at all.
ConfusionMatrix with_absent_class() { return {Labels{0, 1}, Labels{0, 0}, 3}; }

TEST(Classification, ScoresEachClassAgainstTheRest) {
  const auto scores = class_scores(two_classes(), 0);
  EXPECT_DOUBLE_EQ(scores[1].precision, 0.8);     // 4 / (4 + 1)
  EXPECT_DOUBLE_EQ(scores[1].recall, 2.0 / 3);    // 4 / (4 + 2)
  EXPECT_DOUBLE_EQ(scores[1].f1, 8.0 / 11);       // 2*4 / (2*4 + 1 + 2)
  EXPECT_DOUBLE_EQ(scores[1].specificity, 0.75);  // 3 / (3 + 1)
  EXPECT_EQ(scores[1].support, 6);
  EXPECT_DOUBLE_EQ(scores[0].precision, 0.6);        // 3 / (3 + 2)
  EXPECT_DOUBLE_EQ(scores[0].specificity, 2.0 / 3);  // 4 / (4 + 2)
}

TEST(Classification, AveragesPlainlyAndBySupport) {
  const auto scores = class_scores(two_classes(), 0);
  EXPECT_DOUBLE_EQ(macro_average(scores).precision, 0.7);  // (.6 + .8) / 2
  // (4 * .6 + 6 * .8) / 10
  EXPECT_DOUBLE_EQ(weighted_average(scores).precision, 0.72);
  EXPECT_DOUBLE_EQ(weighted_average(scores).recall, 0.7);  // the accuracy
}

TEST(Classification, CountsTheDiagonal) {
  EXPECT_DOUBLE_EQ(accuracy(two_classes()), 0.7);  // (3 + 4) / 10
  // (3/4 + 4/6) / 2
  EXPECT_DOUBLE_EQ(balanced_accuracy(two_classes()), 17.0 / 24);
}

TEST(Classification, BalancedAccuracyLeavesAbsentClassesOut) {
  EXPECT_DOUBLE_EQ(balanced_accuracy(with_absent_class()), 0.5);  // (1 + 0) / 2
}

TEST(Classification, MatthewsCorrelationIsThatOfTheFourCounts) {
  // (TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)) = (12 - 2) /
  // sqrt(5 * 6 * 4 * 5)
  EXPECT_DOUBLE_EQ(matthews_correlation(two_classes()), 10 / std::sqrt(600));
}

TEST(Classification, MatthewsCorrelationReachesItsEnds) {
  EXPECT_DOUBLE_EQ(matthews_correlation({Labels{0, 1, 2}, Labels{0, 1, 2}, 3}),
                   1);
  EXPECT_DOUBLE_EQ(matthews_correlation({Labels{0, 1}, Labels{1, 0}, 2}), -1);
  EXPECT_EQ(matthews_correlation({Labels{0, 1}, Labels{0, 0}, 2}), 0);
}

TEST(Classification, GivesZeroDivisionWhereItIsAskedTo) {
  for (const double value : {0.0, 0.5, 1.0}) {
    const auto scores = class_scores(with_absent_class(), value);
    EXPECT_EQ(scores[1].precision, value);  // 0 / 0: never predicted
    EXPECT_EQ(scores[1].recall, 0);         // 0 / 1
    EXPECT_EQ(scores[1].f1, 0);             // 0 / 1
    EXPECT_EQ(scores[2].precision, value);
    EXPECT_EQ(scores[2].recall, value);
    EXPECT_EQ(scores[2].f1, value);
    EXPECT_EQ(scores[2].specificity, 1);  // 2 / 2
    EXPECT_EQ(scores[2].support, 0);
  }
  // Class 0 alone: no image is "not class 0".
  const ConfusionMatrix alone(Labels{0}, Labels{0}, 2);
  EXPECT_EQ(class_scores(alone, 0)[0].specificity, 0);
  EXPECT_EQ(class_scores(alone, 1)[0].specificity, 1);
}

TEST(Classification, LeavesNanOutOfAverages) {
  const auto scores = class_scores(with_absent_class(), kNan);
  EXPECT_TRUE(std::isnan(scores[1].precision));
  EXPECT_DOUBLE_EQ(macro_average(scores).precision, 0.5);  // 1/2, NaN, NaN
  EXPECT_DOUBLE_EQ(macro_average(scores).recall, 0.5);     // 1, 0, NaN
  EXPECT_DOUBLE_EQ(weighted_average(scores).precision, 0.5);
}

TEST(Classification, AveragesOfNothingAreNan) {
  const ClassScores nothing{kNan, kNan, kNan, kNan, 0};
  EXPECT_TRUE(std::isnan(macro_average(std::vector{nothing}).f1));
  EXPECT_TRUE(std::isnan(weighted_average(std::vector{nothing}).f1));
}

TEST(Classification, RejectsAnotherZeroDivision) {
  for (const auto& [value, shown] :
       {std::pair{-0.5, "-0.5"},
        {1.5, "1.5"},
        {std::numeric_limits<double>::infinity(), "inf"}}) {
    try {
      class_scores(two_classes(), value);
      FAIL() << shown;
    } catch (const DataError& error) {
      EXPECT_EQ(std::string(error.what()),
                std::string("[metrics] expected zero_division in [0, 1] or "
                            "NaN; got ") +
                    shown + ". scikit-learn's default is 0.");
    }
  }
}

}  // namespace
}  // namespace fer
