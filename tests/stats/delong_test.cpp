#include "stats/delong.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/temporary_folder.h"
#include "metrics/curve.h"
#include "stats/reference.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

using Labels = std::vector<int64_t>;
using Scores = std::vector<double>;

TEST(Delong, EqualsTheSumOverAllPairs) {
  for (const Json& one : stats_reference("tests")["delong"]) {
    const Labels labels = integers(one["labels"]);
    size_t at = 0;
    for (const char* name : {"a", "b"}) {
      const AucEstimate auc = delong(labels, 1, numbers(one[name]));
      expect_close(auc.auc, one["auc"][at], name);
      expect_close(auc.standard_error, one["standard_error"][at], name);
      expect_close(auc.interval.low, one["low"][at], name);
      expect_close(auc.interval.high, one["high"][at], name);
      ++at;
    }
  }
}

TEST(Delong, DifferenceEqualsTheSumOverAllPairs) {
  for (const Json& one : stats_reference("tests")["delong"]) {
    const auto result = delong_difference(integers(one["labels"]), 1,
                                          numbers(one["a"]), numbers(one["b"]));
    const Json& expected = one["difference"];
    expect_close(result.difference, expected[0], "difference");
    expect_close(result.standard_error, expected[1], "standard error");
    expect_close(result.interval.low, expected[2], "low");
    expect_close(result.interval.high, expected[3], "high");
    expect_close(result.z, expected[4], "z");
    expect_close(result.p, expected[5], "p");
  }
}

TEST(Delong, ByHand) {
  // Positive 3, 1, negative 2, 0: V10 = 1, 1/2, V01 = 1/2, 1; AUC 3/4, each
  // variance 1/8, so the variance is 1/16 + 1/16.
  const AucEstimate auc = delong(Labels{1, 1, 0, 0}, 1, Scores{3, 1, 2, 0});
  EXPECT_EQ(auc.auc, 0.75);
  EXPECT_DOUBLE_EQ(auc.standard_error, std::sqrt(1 / 8.0));
  EXPECT_EQ(auc.interval.high, 1);  // 0.75 + 0.69
  EXPECT_NEAR(auc.interval.low, 0.75 - 1.959964 * std::sqrt(1 / 8.0), 1e-6);
  EXPECT_EQ(auc.positives, 2);
  EXPECT_EQ(auc.negatives, 2);
}

TEST(Delong, AucIsThatOfTheCurve) {
  const Predictions p = drawn_predictions(3000, 7, 8);
  for (int64_t k = 0; k < 7; ++k) {
    const Scores scores = p.scores(static_cast<size_t>(k));
    EXPECT_NEAR(delong(p.labels, k, scores).auc,
                area_under_roc(p.labels, k, scores), 1e-12);
  }
}

TEST(Delong, OtherSidesMirror) {
  const Predictions p = drawn_predictions(200, 2, 1);
  const AucEstimate one = delong(p.labels, 1, p.scores(1));
  const AucEstimate other = delong(p.labels, 0, p.scores(1));
  EXPECT_NEAR(one.auc, 1 - other.auc, 1e-12);
  EXPECT_NEAR(one.standard_error, other.standard_error, 1e-12);
}

TEST(Delong, EqualScoresAreNoDifference) {
  const Predictions p = drawn_predictions(60, 2, 1);
  const auto result = delong_difference(p.labels, 1, p.scores(1), p.scores(1));
  EXPECT_EQ(result.difference, 0);
  EXPECT_EQ(result.z, 0);
  EXPECT_EQ(result.p, 1);
}

TEST(Delong, APerfectAucIsAPoint) {
  const AucEstimate auc = delong(Labels{0, 0, 1, 1}, 1, Scores{1, 2, 3, 4});
  EXPECT_EQ(auc.interval.low, 1);
  EXPECT_EQ(auc.interval.high, 1);
}

TEST(Delong, RejectsWhatHasNoSpread) {
  EXPECT_EQ(error_text([] { delong({}, 1, {}); }),
            "[delong] expected at least one image; got none. Is the split "
            "empty?");
  EXPECT_EQ(error_text([] {
              delong(Labels{1, 0}, 1, Scores{1});
            }),
            "[delong] expected a score for each label; got 2 labels and 1 "
            "scores.");
  EXPECT_EQ(error_text([] {
              delong(Labels{1, 0, 0}, 1, Scores{1, 2, 3});
            }),
            "[delong] expected two or more images on each side; got 1 positive "
            "and 2 negative ones.");
  EXPECT_EQ(error_text([] {
              delong(Labels{1, 0}, 1, Scores{1, std::nan("")});
            }),
            "[delong] expected finite scores; got nan (row 1).");
  EXPECT_EQ(error_text([] {
              delong(Labels{1, 0}, 1, Scores{1, 2}, 1);
            }),
            "[delong] expected a level between 0 and 1; got 1. 0.95 is usual.");
  EXPECT_EQ(error_text([] {
              delong_difference(Labels{1, 1, 0, 0}, 1, Scores{1, 2, 3, 4},
                                Scores{1, 2, 3});
            }),
            "[delong] expected a score for each label; got 4 labels and 3 "
            "scores.");
}

}  // namespace
}  // namespace fer
