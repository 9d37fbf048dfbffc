#include "metrics/metrics_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"

namespace fer {
namespace {

// happy: 3 of 4 found; sad: 1 of 2.
Predictions example() {
  return {
      {"happy", "sad"},
      {"a", "b", "c", "d", "e", "f"},
      {0, 0, 0, 0, 1, 1},
      {0, 0, 0, 1, 0, 1},
      {0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.25, 0.75, 0.75, 0.25, 0.25, 0.75}};
}

Predictions three(std::vector<int64_t> labels, std::vector<int64_t> predicted) {
  Predictions p;
  p.class_names = {"happy", "sad", "angry"};
  for (size_t i = 0; i < labels.size(); ++i) {
    p.ids.push_back(std::to_string(i));
    for (int64_t k = 0; k < 3; ++k)
      p.probabilities.push_back(k == predicted[i] ? 0.5 : 0.25);
  }
  p.labels = std::move(labels);
  p.predicted = std::move(predicted);
  return p;
}

std::string error_of(const Predictions& p, const std::string& positive,
                     double zero_division = 0) {
  try {
    metrics_json(p, positive, zero_division);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(MetricsJson, HasTheAgreedKeysInTheirOrder) {
  std::vector<std::string> keys;
  const Json json = metrics_json(example(), "", 0);
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_THAT(
      keys, testing::ElementsAre(
                "n", "accuracy", "accuracy_interval", "balanced_accuracy",
                "macro_precision", "macro_recall", "macro_f1",
                "weighted_precision", "weighted_recall", "weighted_f1", "mcc",
                "log_loss", "brier", "brier_kind", "auc",
                "auc_from_hard_labels", "average_precision", "positive_class",
                "zero_division", "class_names", "confusion_matrix", "classes"));
}

TEST(MetricsJson, ScoresAnExampleAsByHand) {
  const Json json = metrics_json(example(), "sad", 0);
  EXPECT_EQ(json["n"], 6);
  EXPECT_DOUBLE_EQ(json["accuracy"], 4.0 / 6);
  // Wilson, 4 of 6: 0.60161 -+ 0.30162
  EXPECT_NEAR(json["accuracy_interval"][0].get<double>(), 0.300, 5e-4);
  EXPECT_NEAR(json["accuracy_interval"][1].get<double>(), 0.903, 5e-4);
  EXPECT_DOUBLE_EQ(json["balanced_accuracy"], 0.625);  // (3/4 + 1/2) / 2
  EXPECT_EQ(json["positive_class"], "sad");
  EXPECT_EQ(json["class_names"], (Json{"happy", "sad"}));
  EXPECT_EQ(json["confusion_matrix"], Json::parse("[[3, 1], [1, 1]]"));
  EXPECT_DOUBLE_EQ(json["classes"]["sad"]["precision"], 0.5);
  EXPECT_DOUBLE_EQ(json["classes"]["sad"]["specificity"], 0.75);
  EXPECT_EQ(json["classes"]["happy"]["support"], 4);
  // 8 pairs: sad .75 above three .25 and tied with .75: 3.5; sad .25: three
  // ties: 1.5
  EXPECT_DOUBLE_EQ(json["auc"], 5.0 / 8);
  EXPECT_DOUBLE_EQ(json["auc_from_hard_labels"], 0.625);
  EXPECT_DOUBLE_EQ(json["brier"], 0.22916666666666666);  // (12/16 + 10/16) / 6
  EXPECT_EQ(json["brier_kind"], "binary");
}

TEST(MetricsJson, TakesLabelOneAsPositiveUnlessToldOtherwise) {
  EXPECT_EQ(metrics_json(example(), "", 0)["positive_class"], "sad");
  EXPECT_EQ(metrics_json(example(), "", 0), metrics_json(example(), "sad", 0));
  const Json happy = metrics_json(example(), "happy", 0);
  EXPECT_EQ(happy["positive_class"], "happy");
  EXPECT_EQ(happy["average_precision"],
            happy["classes"]["happy"]["average_precision"]);
  EXPECT_NE(happy["average_precision"],
            happy["classes"]["sad"]["average_precision"]);
}

TEST(MetricsJson, HasNoPositiveClassAmongThree) {
  const Json json = metrics_json(three({0, 1, 2}, {0, 1, 1}), "", 0);
  EXPECT_TRUE(json["positive_class"].is_null());
  EXPECT_EQ(json["brier_kind"], "multiclass_sum");
  // Hits: .25 + 2 / 16 = 3/8; the miss: 9/16 + 1/4 + 1/16 = 7/8
  EXPECT_DOUBLE_EQ(json["brier"], (2 * 3.0 / 8 + 7.0 / 8) / 3);
  // happy 1; sad: one pair of two tied: 3/4; angry: ties with happy: with
  // scores .25, .25, .25 all tied: 1/2
  EXPECT_DOUBLE_EQ(json["auc"], (1 + 0.75 + 0.5) / 3);
}

TEST(MetricsJson, IsNullWhereAScoreIsUndefined) {
  const Json json = metrics_json(three({0, 1, 1}, {0, 0, 1}), "", std::nan(""));
  EXPECT_TRUE(json["auc"].is_null());
  EXPECT_TRUE(json["auc_from_hard_labels"].is_null());
  EXPECT_TRUE(json["average_precision"].is_null());
  EXPECT_TRUE(json["zero_division"].is_null());
  const Json& angry = json["classes"]["angry"];
  for (const char* key :
       {"precision", "recall", "f1", "auc", "average_precision"})
    EXPECT_TRUE(angry[key].is_null()) << key;
  EXPECT_EQ(angry["specificity"], 1);
  EXPECT_FALSE(json["classes"]["sad"]["auc"].is_null());
  EXPECT_DOUBLE_EQ(json["macro_recall"], 0.75);  // 1, 1/2, undefined
}

TEST(MetricsJson, SurvivesTheFile) {
  const Json json = metrics_json(example(), "", 0);
  EXPECT_EQ(Json::parse(json.dump(2)), json);
}

TEST(MetricsJson, RejectsAPositiveClassThatIsNone) {
  EXPECT_EQ(error_of(example(), "angry"),
            "[metrics] expected one of the classes happy, sad as positive "
            "class; got 'angry'. Set evaluate.positive_class to one of them.");
  EXPECT_EQ(error_of(three({0}, {0}), "sad"),
            "[metrics] expected no positive class, as there are 3 classes; got "
            "'sad'. Leave evaluate.positive_class empty.");
}

TEST(MetricsJson, RejectsEmptyAndBrokenPredictions) {
  EXPECT_THAT(error_of({{"happy", "sad"}, {}, {}, {}, {}}, ""),
              testing::HasSubstr("expected at least one image; got none"));
  Predictions p = example();
  p.probabilities[0] = std::nan("");
  EXPECT_THAT(error_of(p, ""),
              testing::HasSubstr("got NaN for label 0 (row 0, id 'a')"));
  EXPECT_THAT(error_of(example(), "", 2),
              testing::HasSubstr("expected zero_division in [0, 1] or NaN"));
}

}  // namespace
}  // namespace fer
