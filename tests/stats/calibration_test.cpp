#include "stats/calibration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "stats/reference.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

using Confidences = std::vector<double>;

void expect_diagram(const Reliability& result, const Json& expected) {
  size_t filled = 0;
  for (size_t b = 0; b < result.bins.size(); ++b) {
    const ReliabilityBin& bin = result.bins[b];
    EXPECT_EQ(bin.count, expected["counts"][b]) << "bin " << b;
    expect_close(bin.low, expected["edges"][b], "low");
    expect_close(bin.high, expected["edges"][b + 1], "high");
    if (bin.count == 0) {
      EXPECT_TRUE(std::isnan(bin.confidence) && std::isnan(bin.accuracy));
      EXPECT_TRUE(std::isnan(bin.interval.low));
      continue;
    }
    expect_close(bin.confidence, expected["confidence"][filled], "confidence");
    expect_close(bin.accuracy, expected["accuracy"][filled], "accuracy");
    EXPECT_LE(bin.interval.low, bin.accuracy);
    EXPECT_GE(bin.interval.high, bin.accuracy);
    ++filled;
  }
  EXPECT_EQ(filled, expected["confidence"].size());
  expect_close(result.expected_error, expected["ece"], "ECE");
  expect_close(result.maximum_error, expected["mce"], "MCE");
}

TEST(Calibration, DiagramsEqualScikitLearns) {
  for (const Json& one : stats_reference("calibration")["reliability"]) {
    const Confidences confidences = numbers(one["confidences"]);
    std::vector<bool> right;
    for (const int64_t value : integers(one["right"])) right.push_back(value);
    for (const Json& diagram : one["diagrams"]) {
      SCOPED_TRACE(diagram["strategy"].dump() + diagram["bins"].dump());
      const Binning binning = diagram["strategy"] == "uniform"
                                  ? Binning::kEqualWidth
                                  : Binning::kEqualMass;
      expect_diagram(reliability(confidences, right, binning, diagram["bins"]),
                     diagram);
    }
  }
}

TEST(Calibration, ByHand) {
  // Two bins: .3 wrong | .6 .8 1 right, wrong, right. Errors .3 and
  // |2/3 - .8|; ECE = 1/4 * 3/10 + 3/4 * 2/15 = 0.175.
  const Reliability result =
      reliability(Confidences{0.8, 0.3, 1, 0.6}, {false, false, true, true},
                  Binning::kEqualWidth, 2);
  EXPECT_EQ(result.bins[0].count, 1);
  EXPECT_EQ(result.bins[1].count, 3);
  EXPECT_NEAR(result.expected_error, 0.175, 1e-15);
  EXPECT_NEAR(result.maximum_error, 0.3, 1e-15);
  EXPECT_NEAR(result.confidence, 0.675, 1e-15);
  EXPECT_NEAR(result.accuracy, 0.5, 1e-15);
}

TEST(Calibration, AnEdgeBelongsToTheBinBelow) {
  const Reliability result =
      reliability(Confidences{0, 0.1, 0.2, 0.3, 0.7, 1}, std::vector<bool>(6),
                  Binning::kEqualWidth, 10);
  std::vector<int64_t> counts;
  for (const ReliabilityBin& bin : result.bins) counts.push_back(bin.count);
  EXPECT_EQ(counts, (std::vector<int64_t>{2, 1, 1, 0, 0, 0, 1, 0, 0, 1}));
}

TEST(Calibration, EqualMassKeepsEqualConfidencesTogether) {
  const Reliability result = reliability(
      Confidences{0.9, 0.9, 0.9, 0.9, 0.5, 0.6},
      {true, true, true, false, true, false}, Binning::kEqualMass, 3);
  int64_t with_most = 0;
  for (const ReliabilityBin& bin : result.bins)
    with_most = std::max(with_most, bin.count);
  EXPECT_EQ(with_most, 4);
}

TEST(Calibration, EqualMassBinsAreEquallyFull) {
  const Predictions p = drawn_predictions(3000, 7, 6);
  Confidences confidences;
  Draws draws(1);
  for (int i = 0; i < 1501; ++i) confidences.push_back(draws.uniform());
  const Reliability result = reliability(confidences, std::vector<bool>(1501),
                                         Binning::kEqualMass, 15);
  for (const ReliabilityBin& bin : result.bins)
    EXPECT_NEAR(static_cast<double>(bin.count), 100, 1);
}

TEST(Calibration, AnHonestModelHasASmallError) {
  Draws draws(3);
  Confidences confidences;
  std::vector<bool> right;
  for (int i = 0; i < 20'000; ++i) {
    confidences.push_back(0.5 + draws.uniform() / 2);
    right.push_back(draws.uniform() < confidences.back());
  }
  for (const Binning binning : {Binning::kEqualWidth, Binning::kEqualMass}) {
    const Reliability result = reliability(confidences, right, binning);
    EXPECT_EQ(result.bins.size(), 15u);
    EXPECT_LT(result.expected_error, 0.02);
  }
}

TEST(Calibration, OfPredictionsTakesTheProbabilityOfThePredictedClass) {
  // A threshold of 0.4: the second row is decided against its likelier class.
  const Predictions p = {
      {"a", "b"}, {"1", "2"}, {0, 1}, {0, 1}, {0.9, 0.1, 0.55, 0.45}};
  const Reliability result = reliability(p, Binning::kEqualWidth, 10);
  EXPECT_DOUBLE_EQ(result.confidence, (0.9 + 0.45) / 2);
  EXPECT_EQ(result.accuracy, 1);
  const Reliability of_b = class_reliability(p, 1, Binning::kEqualWidth, 10);
  EXPECT_DOUBLE_EQ(of_b.confidence, (0.1 + 0.45) / 2);
  EXPECT_EQ(of_b.accuracy, 0.5);
}

TEST(Calibration, RejectsWhatIsNoConfidence) {
  const auto error = [](const Confidences& confidences, size_t right,
                        size_t bins, double level) {
    return error_text([&] {
      reliability(confidences, std::vector<bool>(right), Binning::kEqualWidth,
                  bins, level);
    });
  };
  EXPECT_EQ(error({}, 0, 15, 0.95),
            "[calibration] expected at least one image; got none. Is the split "
            "empty?");
  EXPECT_EQ(error({0.5}, 2, 15, 0.95),
            "[calibration] expected a confidence for each answer; got 1 and "
            "2.");
  EXPECT_EQ(error({0.5, 1.5}, 2, 15, 0.95),
            "[calibration] expected confidences in [0, 1]; got 1.5 (row 1).");
  EXPECT_EQ(error({std::nan("")}, 1, 15, 0.95),
            "[calibration] expected confidences in [0, 1]; got nan (row 0).");
  EXPECT_EQ(error({0.5}, 1, 0, 0.95),
            "[calibration] expected 1 to 10000 bins; got 0. 15 are usual.");
  EXPECT_EQ(error({0.5}, 1, 15, 2),
            "[calibration] expected a level between 0 and 1; got 2. 0.95 is "
            "usual.");
  EXPECT_EQ(error_text([] {
              class_reliability(drawn_predictions(3, 2, 1), 2,
                                Binning::kEqualMass);
            }),
            "[calibration] expected a class in [0, 2); got 2.");
}

}  // namespace
}  // namespace fer
