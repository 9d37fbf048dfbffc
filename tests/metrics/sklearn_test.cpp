// Every score against scikit-learn on 600 generated cases.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "metrics/classification.h"
#include "metrics/curve.h"
#include "metrics/metrics_json.h"
#include "metrics/sklearn_cases.h"

namespace fer {
namespace {

constexpr const char* kScalars[] = {"accuracy",
                                    "balanced_accuracy",
                                    "macro_precision",
                                    "macro_recall",
                                    "macro_f1",
                                    "weighted_precision",
                                    "weighted_recall",
                                    "weighted_f1",
                                    "mcc",
                                    "log_loss",
                                    "brier",
                                    "auc",
                                    "auc_from_hard_labels",
                                    "average_precision"};

double number(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN()
                         : value.get<double>();
}

// The script's checksum: sum of value * (1 + i % 7) over the finite ones.
double moment(const std::vector<double>& values) {
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]))
      sum += values[i] * static_cast<double>(1 + i % 7);
  }
  return sum;
}

template <class Check>
void for_all_cases(Check check) {
  const Json& cases = sklearn_values()["cases"];
  ASSERT_EQ(cases.size(), 600u);
  for (size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE("case " + std::to_string(i));
    check(sklearn_case(i), cases[i]);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Sklearn, CasesCoverTheHardSituations) {
  std::set<size_t> classes;
  size_t single = 0, perfect = 0, hopeless = 0, absent = 0;
  for_all_cases([&](const SklearnCase& one, const Json&) {
    const Predictions& p = one.predictions;
    const ConfusionMatrix matrix(p.labels, p.predicted, p.classes());
    classes.insert(p.classes());
    size_t missing = 0;
    for (size_t k = 0; k < p.classes(); ++k) missing += matrix.support(k) == 0;
    absent += missing > 0;
    single += missing + 1 == p.classes();
    perfect += matrix.correct() == matrix.total();
    hopeless += matrix.correct() == 0;
  });
  EXPECT_EQ(classes, (std::set<size_t>{2, 3, 4, 5, 6, 7, 8}));
  EXPECT_GE(single, 60u);
  EXPECT_GE(perfect, 60u);
  EXPECT_GE(hopeless, 60u);
  EXPECT_GE(absent, 120u);
}

TEST(Sklearn, ConfusionMatricesAreEqual) {
  for_all_cases([](const SklearnCase& one, const Json& expected) {
    const Predictions& p = one.predictions;
    const ConfusionMatrix matrix(p.labels, p.predicted, p.classes());
    for (size_t t = 0; t < p.classes(); ++t) {
      for (size_t k = 0; k < p.classes(); ++k) {
        EXPECT_EQ(matrix.count(t, k), expected["matrix"][t * p.classes() + k]);
      }
    }
  });
}

TEST(Sklearn, ScoresOfMetricsJsonAreEqual) {
  for_all_cases([](const SklearnCase& one, const Json& expected) {
    const Json json =
        metrics_json(one.predictions, one.positive_class(), one.zero_division);
    for (size_t s = 0; s < std::size(kScalars); ++s)
      expect_equal(number(json[kScalars[s]]), expected["scalars"][s],
                   kScalars[s]);
  });
}

TEST(Sklearn, ClassScoresAreEqual) {
  for_all_cases([](const SklearnCase& one, const Json& expected) {
    const Predictions& p = one.predictions;
    const Json json = metrics_json(p, one.positive_class(), one.zero_division);
    const char* keys[] = {"precision",   "recall",  "f1",
                          "specificity", "support", "auc"};
    for (size_t k = 0; k < p.classes(); ++k) {
      const Json& scores = json["classes"][p.class_names[k]];
      const Json& reference = expected["classes"][k];
      for (size_t s = 0; s < std::size(keys); ++s)
        expect_equal(number(scores[keys[s]]), reference[s], keys[s]);
      expect_equal(
          average_precision(p.labels, static_cast<int64_t>(k), p.scores(k)),
          reference[6], "average_precision");
      EXPECT_EQ(scores["average_precision"].is_null(), reference[4] == 0);
    }
  });
}

TEST(Sklearn, CurvesAreEqualWithAndWithoutIntermediatePoints) {
  for_all_cases([](const SklearnCase& one, const Json& expected) {
    const auto& labels = one.predictions.labels;
    const auto scores =
        one.predictions.scores(static_cast<size_t>(one.positive));
    const Json& reference = expected["curves"];
    size_t at = 0;
    for (const bool drop : {false, true}) {
      const auto roc = roc_curve(labels, one.positive, scores, drop);
      EXPECT_EQ(roc.thresholds.size(), reference[at++]);
      expect_equal(moment(roc.false_positive_rate), reference[at++], "fpr");
      expect_equal(moment(roc.true_positive_rate), reference[at++], "tpr");
      expect_equal(moment(roc.thresholds), reference[at++], "roc thresholds");
      const auto pr =
          precision_recall_curve(labels, one.positive, scores, drop);
      EXPECT_EQ(pr.recall.size(), reference[at++]);
      expect_equal(moment(pr.precision), reference[at++], "precision");
      expect_equal(moment(pr.recall), reference[at++], "recall");
      expect_equal(moment(pr.thresholds), reference[at++], "pr thresholds");
    }
  });
}

}  // namespace
}  // namespace fer
