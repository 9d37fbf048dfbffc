#include "stats/temperature.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/temporary_folder.h"
#include "metrics/curve.h"
#include "metrics/probability.h"
#include "stats/calibration.h"
#include "stats/reference.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

Predictions rows(size_t classes, std::vector<int64_t> labels,
                 std::vector<double> probabilities) {
  Predictions p;
  for (size_t k = 0; k < classes; ++k)
    p.class_names.push_back("class" + std::to_string(k));
  for (size_t i = 0; i < labels.size(); ++i) p.ids.push_back(std::to_string(i));
  p.labels = p.predicted = std::move(labels);
  p.probabilities = std::move(probabilities);
  return p;
}

TEST(Temperature, EqualsScipysMinimum) {
  for (const Json& one : stats_reference("calibration")["temperature"]) {
    const size_t classes = one["classes"];
    const Predictions validation =
        rows(classes, integers(one["labels"]), numbers(one["probabilities"]));
    const TemperatureFit fit = fit_temperature(validation);
    // The minimum is flat: scipy finds it to the root of the machine's eps.
    expect_close(fit.temperature, one["temperature"], "T", 1e-6);
    expect_close(fit.log_loss_before, one["before"], "before");
    expect_close(fit.log_loss_after, one["after"], "after");
    EXPECT_LE(fit.log_loss_after, fit.log_loss_before);
    EXPECT_FALSE(fit.at_limit);
    const Predictions test = apply_temperature(
        rows(classes, {0, 0, 0, 0}, numbers(one["test"])), one["temperature"]);
    const std::vector<double> expected = numbers(one["test_scaled"]);
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(test.probabilities[i], expected[i], 1e-12);
  }
}

TEST(Temperature, OfTwoClassesByHand) {
  // logit ln 4 and T = 2: sigmoid(ln 2) = 2/3.
  const Predictions p = apply_temperature(rows(2, {1}, {0.2, 0.8}), 2);
  EXPECT_NEAR(p.probability(0, 1), 2 / 3.0, 1e-15);
  EXPECT_NEAR(p.probability(0, 0), 1 / 3.0, 1e-15);
}

TEST(Temperature, FitOfTwoClassesByHand) {
  // Always 0.9, right in 3 of 4: the best is 3/4, so T = ln 9 / ln 3 = 2.
  const Predictions p =
      rows(2, {1, 1, 0, 1}, {0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9});
  const TemperatureFit fit = fit_temperature(p);
  EXPECT_NEAR(fit.temperature, 2, 1e-9);
  EXPECT_NEAR(fit.log_loss_after, -(3 * std::log(0.75) + std::log(0.25)) / 4,
              1e-12);
}

TEST(Temperature, OneChangesNothing) {
  const Predictions p = rows(2, {1, 0}, {0, 1, 1e-30, 1});
  EXPECT_EQ(apply_temperature(p, 1).probabilities, p.probabilities);
}

TEST(Temperature, ZeroAndOneAreNoHarm) {
  const Predictions p =
      rows(3, {0, 1, 2, 1, 0}, {1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0});
  const TemperatureFit fit = fit_temperature(p);
  EXPECT_TRUE(std::isfinite(fit.temperature));
  EXPECT_GT(fit.temperature, 1);  // two of five are wrong
  EXPECT_LT(fit.log_loss_after, fit.log_loss_before);
  for (const double temperature : {0.01, 0.5, fit.temperature, 100.0, 1e6}) {
    const Predictions scaled = apply_temperature(p, temperature);
    check_predictions(scaled);  // in [0, 1], sums of 1
    EXPECT_LT(scaled.probability(0, 1), scaled.probability(0, 0));
  }
}

TEST(Temperature, RowsWithoutPreferenceLeaveItAtOne) {
  const TemperatureFit fit =
      fit_temperature(rows(2, {0, 1}, {0.5, 0.5, 0.5, 0.5}));
  EXPECT_EQ(fit.temperature, 1);
  EXPECT_FALSE(fit.at_limit);
}

TEST(Temperature, SaysWhereItStandsAtALimit) {
  const TemperatureFit perfect =
      fit_temperature(rows(2, {0, 1}, {0.9, 0.1, 0.2, 0.8}));
  EXPECT_EQ(perfect.temperature, 1 / kTemperatureLimit);
  EXPECT_TRUE(perfect.at_limit);
  const TemperatureFit hopeless =
      fit_temperature(rows(2, {1, 0}, {0.9, 0.1, 0.2, 0.8}));
  EXPECT_EQ(hopeless.temperature, kTemperatureLimit);
  EXPECT_TRUE(hopeless.at_limit);
}

TEST(Temperature, KeepsDecisionsAndRanks) {
  const Predictions p = drawn_predictions(300, 2, 4);
  const Predictions scaled = apply_temperature(p, 2.5);
  EXPECT_EQ(scaled.predicted, p.predicted);
  EXPECT_EQ(scaled.ids, p.ids);
  EXPECT_NEAR(area_under_roc(p.labels, 1, p.scores(1)),
              area_under_roc(p.labels, 1, scaled.scores(1)), 1e-12);
}

TEST(Temperature, FittedOnHalfMakesTheOtherHalfHonest) {
  // Labels follow p; the model says p^3 / sum: T = 3.
  Draws draws(5);
  Predictions halves[2];
  for (Predictions& p : halves) {
    p = drawn_predictions(4000, 3, draws.below(1000), 0.5);
    for (size_t i = 0; i < p.size(); ++i) {
      p.labels[i] = draws.choice(
          {p.probability(i, 0), p.probability(i, 1), p.probability(i, 2)});
    }
    p = apply_temperature(p, 1 / 3.0);
  }
  const TemperatureFit fit = fit_temperature(halves[0]);
  EXPECT_NEAR(fit.temperature, 3, 0.2);
  const Predictions scaled = apply_temperature(halves[1], fit.temperature);
  const auto ece = [](const Predictions& p) {
    return reliability(p, Binning::kEqualMass).expected_error;
  };
  EXPECT_GT(ece(halves[1]), 0.15);
  EXPECT_LT(ece(scaled), 0.04);
}

TEST(Temperature, RejectsWhatCannotBeScaled) {
  EXPECT_EQ(error_text([] { fit_temperature(rows(2, {}, {})); }),
            "[temperature] expected at least one validation row; got none. Is "
            "the split empty?");
  for (const double bad :
       {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(error_text([&] {
                apply_temperature(rows(2, {0}, {0.5, 0.5}), bad);
              }),
              fmt::format("[temperature] expected a finite temperature above "
                          "0; got {}. Fit it on the validation split.",
                          bad));
  }
  EXPECT_NE(error_text([] {
              fit_temperature(rows(2, {0}, {0.5, 0.6}));
            }).find("that sum to 1"),
            std::string::npos);
}

}  // namespace
}  // namespace fer
