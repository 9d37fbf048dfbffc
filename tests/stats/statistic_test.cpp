#include "stats/statistic.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/temporary_folder.h"
#include "metrics/classification.h"
#include "metrics/metrics_json.h"
#include "stats/agreement.h"
#include "stats/reference.h"
#include "stats/resampler.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void expect_same(double value, const Json& expected, const std::string& what) {
  if (expected.is_null()) {
    EXPECT_TRUE(std::isnan(value)) << what << " = " << value;
  } else {
    expect_close(value, expected, what);
  }
}

// All statistics of weighted rows against metrics.json of the repeated rows.
void expect_metrics(const Predictions& p, const std::vector<double>& weights,
                    double zero_division) {
  const Predictions rows = repeated(p, weights);
  const Json json = metrics_json(rows, "", zero_division);
  const auto check = [&](const char* key, const Statistic& statistic) {
    expect_same(statistic(weights), json[key], key);
  };
  check("accuracy", accuracy_statistic(p));
  check("balanced_accuracy", balanced_accuracy_statistic(p));
  check("macro_f1", macro_f1_statistic(p, zero_division));
  check("mcc", mcc_statistic(p));
  check("log_loss", log_loss_statistic(p));
  check("auc", p.classes() == 2 ? auc_statistic(p, 1) : macro_auc_statistic(p));
  expect_same(kappa_statistic(p)(weights),
              Json(cohen_kappa({rows.labels, rows.predicted, rows.classes()})),
              "kappa");
  for (size_t k = 0; k < p.classes(); ++k) {
    const Json& scores = json["classes"][p.class_names[k]];
    const auto check_class = [&](const char* key, const Statistic& statistic) {
      expect_same(statistic(weights), scores[key], key);
    };
    check_class("precision", precision_statistic(p, k, zero_division));
    check_class("recall", recall_statistic(p, k, zero_division));
    check_class("f1", f1_statistic(p, k, zero_division));
    check_class("auc", auc_statistic(p, k));
  }
}

TEST(Statistic, OfWeightedRowsEqualsMetricsOfRepeatedRows) {
  uint64_t seed = 0;
  for (const size_t classes : {2, 3, 7}) {
    for (const size_t rows : {6, 40, 500}) {
      const Predictions p = drawn_predictions(rows, classes, ++seed);
      const Resampler resampler(rows, {}, {});
      std::vector<double> weights(rows, 1.0);
      for (const double zero_division : {0.0, 1.0, kNan}) {
        SCOPED_TRACE(fmt::format("{} classes, {} rows", classes, rows));
        expect_metrics(p, weights, zero_division);
        resampler.draw(seed, 0, weights);
      }
    }
  }
}

TEST(Statistic, DependsOnSharesAlone) {
  const Predictions p = drawn_predictions(60, 3, 5);
  std::vector<double> weights(60), scaled(60);
  Resampler(60, {}, {}).draw(0, 0, weights);
  for (size_t i = 0; i < 60; ++i) scaled[i] = weights[i] * 60 / 59.0;
  for (const Statistic& statistic :
       {accuracy_statistic(p), macro_f1_statistic(p), f1_statistic(p, 0),
        balanced_accuracy_statistic(p), mcc_statistic(p), kappa_statistic(p),
        auc_statistic(p, 2), macro_auc_statistic(p), log_loss_statistic(p)}) {
    EXPECT_NEAR(statistic(weights), statistic(scaled), 1e-13);
  }
}

TEST(Statistic, AucByHand) {
  // Positive .8 .5, negative .5 .2: pairs 1, 1, 1/2, 1 of 4.
  const Predictions p = {{"a", "b"},
                         {"1", "2", "3", "4"},
                         {1, 1, 0, 0},
                         {1, 1, 1, 0},
                         {0.2, 0.8, 0.5, 0.5, 0.5, 0.5, 0.8, 0.2}};
  const Statistic auc = auc_statistic(p, 1);
  EXPECT_EQ(auc(std::vector<double>{1, 1, 1, 1}), 3.5 / 4);
  // The second row three times: pairs (1, 1) + 3 (1/2, 1) of 8.
  EXPECT_EQ(auc(std::vector<double>{1, 3, 1, 1}), 6.5 / 8);
  EXPECT_TRUE(std::isnan(auc(std::vector<double>{1, 1, 0, 0})));
  EXPECT_TRUE(
      std::isnan(macro_auc_statistic(p)(std::vector<double>{1, 1, 0, 0})));
}

TEST(Statistic, KappaOfOneClassIsUndefinedAndMccIsZero) {
  const Predictions p = {
      {"a", "b"}, {"1", "2"}, {1, 1}, {1, 1}, {0, 1, 0.5, 0.5}};
  const std::vector<double> weights = {2 / 3.0, 1 / 7.0};
  EXPECT_TRUE(std::isnan(kappa_statistic(p)(weights)));
  EXPECT_EQ(mcc_statistic(p)(weights), 0);
}

TEST(Statistic, KeepsItsOwnRows) {
  Statistic statistic;
  {
    const Predictions p = drawn_predictions(30, 2, 1);
    statistic = auc_statistic(p, 1);
  }
  EXPECT_GT(statistic(std::vector<double>(30, 1.0)), 0.5);
}

TEST(Statistic, RejectsWhatHasNoScore) {
  Predictions p = drawn_predictions(4, 2, 1);
  EXPECT_EQ(error_text([&] { f1_statistic(p, 2); }),
            "[statistic] expected a class in [0, 2); got 2.");
  EXPECT_EQ(error_text([&] { macro_f1_statistic(p, 1.5); }),
            "[statistic] expected zero_division in [0, 1] or NaN; got 1.5.");
  EXPECT_EQ(
      error_text([&] { accuracy_statistic(p)(std::vector<double>(3)); }),
      "[statistic] expected a weight for each of the 4 rows; got 3. Are both "
      "statistics of the same rows?");
  EXPECT_EQ(error_text([&] { mean_statistic({}); }),
            "[statistic] expected at least one value; got none. Is the split "
            "empty?");
  EXPECT_EQ(error_text([&] {
              mean_statistic(std::vector<double>{1, kNan});
            }),
            "[statistic] expected finite values; got nan (row 1).");
  p.probabilities[3] = 0.9;
  EXPECT_NE(error_text([&] { auc_statistic(p, 0); }).find("that sum to 1"),
            std::string::npos);
  EXPECT_EQ(error_text([&] {
              accuracy_statistic({{"a", "b"}, {}, {}, {}, {}});
            }),
            "[statistic] expected at least one row; got none. Is the split "
            "empty?");
}

}  // namespace
}  // namespace fer
