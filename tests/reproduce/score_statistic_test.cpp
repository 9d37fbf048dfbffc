#include "reproduce/score_statistic.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "experiment_folder.h"

namespace fer {
namespace {

double score(const Predictions& p, const std::string& metric,
             const std::string& positive = "sad") {
  const std::vector<double> ones(p.size(), 1.0);
  return score_statistic(p, metric, positive, "here")(ones);
}

// TP 8, FP 2, FN 4, TN 6: sad is class 1.
TEST(ScoreStatistic, KnowsTheScoresOfAPublishedTable) {
  const Predictions p = predictions_of({8, 2, 4, 6});
  EXPECT_DOUBLE_EQ(score(p, "accuracy", ""), 14.0 / 20);
  EXPECT_DOUBLE_EQ(score(p, "precision"), 8.0 / 10);
  EXPECT_DOUBLE_EQ(score(p, "recall"), 8.0 / 12);
  EXPECT_DOUBLE_EQ(score(p, "specificity"), 6.0 / 8);
  EXPECT_DOUBLE_EQ(score(p, "f1"), 16.0 / 22);
  EXPECT_DOUBLE_EQ(score(p, "class_accuracy"), 14.0 / 20);
  // (2/3 + 3/4) / 2; all sad scores are .9 or .1, so the AUC is the same.
  EXPECT_DOUBLE_EQ(score(p, "auc_from_hard_labels"), 17.0 / 24);
  EXPECT_DOUBLE_EQ(score(p, "auc"), 17.0 / 24);
  // 14 times -log .9, 6 times -log .1
  EXPECT_NEAR(score(p, "log_loss"),
              -(14 * std::log(0.9) + 6 * std::log(0.1)) / 20, 1e-12);
}

TEST(ScoreStatistic, IsAMeanOverTheClassesWithoutAPositiveOne) {
  const Predictions p = predictions_of({8, 2, 4, 6});
  EXPECT_DOUBLE_EQ(score(p, "recall", ""), (8.0 / 12 + 6.0 / 8) / 2);
}

// Three classes, labels 0 1 2 2, predicted 0 2 2 1: class 2 against the rest.
TEST(ScoreStatistic, TakesOneClassAgainstTheRest) {
  Predictions p;
  p.class_names = {"a", "b", "c"};
  p.ids = {"1", "2", "3", "4"};
  p.labels = {0, 1, 2, 2};
  p.predicted = {0, 2, 2, 1};
  p.probabilities = {.8, .1, .1, .1, .1, .8, .1, .1, .8, .1, .8, .1};
  EXPECT_DOUBLE_EQ(score(p, "class_accuracy", "c"), 2.0 / 4);
  EXPECT_DOUBLE_EQ(score(p, "specificity", "c"), 1.0 / 2);
}

TEST(ScoreStatistic, RefusesClassesThatDifferOrAreEmpty) {
  Predictions p = predictions_of({8, 2, 4, 6}, {"joy", "sorrow"});
  EXPECT_EQ(error_text([&] { score(p, "recall"); }),
            "[reproduce] expected the class sad of the published table; got "
            "joy, sorrow (here). Name the experiment's classes as the table "
            "does (data.relabel).");
  p = predictions_of({0, 2, 0, 6});
  EXPECT_EQ(error_text([&] { score(p, "recall"); }),
            "[reproduce] expected images of the class sad; got none among 8 "
            "(here). Precision and recall are undefined: check the split.");
  EXPECT_EQ(error_text([&] {
              score(predictions_of({0, 0, 0, 0}), "recall");
            }),
            "[reproduce] expected predictions; got a file without rows (here). "
            "Run `ferbench evaluate` again.");
  EXPECT_EQ(error_text([&] {
              score(predictions_of({8, 2, 4, 6}), "luck");
            }),
            "[reproduce] expected a score of a class; got \"luck\".");
}

}  // namespace
}  // namespace fer
