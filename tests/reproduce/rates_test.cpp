#include "reproduce/rates.h"

#include <gtest/gtest.h>

#include "core/temporary_folder.h"
#include "reproduce_cases.h"

namespace fer {
namespace {

bool possible(const PrintedScores& texts,
              Rounding rounding = Rounding::kNearest) {
  return possible_shares(score_bounds(texts, rounding)).possible;
}

// F1 = 2 p r / (p + r): .90 and .98 give .9383; their rounding lets it range
// from 2 * .895 * .975 / 1.87 = .9333 to 2 * .905 * .985 / 1.89 = .9433.
TEST(PossibleShares, KnowThatF1IsTheHarmonicMean) {
  EXPECT_TRUE(possible({.precision = "0.90", .recall = "0.98", .f1 = "0.94"}));
  EXPECT_TRUE(possible({.precision = "0.90", .recall = "0.98", .f1 = "0.93"}));
  EXPECT_FALSE(possible({.precision = "0.90", .recall = "0.98", .f1 = "0.95"}));
  EXPECT_FALSE(possible({.precision = "0.90", .recall = "0.98", .f1 = "0.92"}));
}

// Source 004: harmonic means .9099, .8499, .7747, .8899, .8250.
TEST(PossibleShares, TheF1ScoresOfSource004FitTheirPrecisionAndRecall) {
  EXPECT_TRUE(possible({.precision = "0.92", .recall = "0.90", .f1 = "0.91"}));
  EXPECT_TRUE(possible({.precision = "0.84", .recall = "0.86", .f1 = "0.85"}));
  EXPECT_TRUE(possible({.precision = "0.79", .recall = "0.76", .f1 = "0.77"}));
  EXPECT_TRUE(possible({.precision = "0.90", .recall = "0.88", .f1 = "0.89"}));
  EXPECT_TRUE(possible({.precision = "0.82", .recall = "0.83", .f1 = "0.82"}));
}

// Accuracy is a weighted mean of sensitivity and specificity. Both at most
// .965, it cannot reach .965 and print as 97 %, unless all three tie.
TEST(PossibleShares, AnAccuracyLiesBetweenSensitivityAndSpecificity) {
  const PrintedScores fear{.accuracy = "97%",
                           .precision = "0.94",
                           .recall = "0.96",
                           .specificity = "0.96"};
  EXPECT_FALSE(possible(fear, Rounding::kHalfUp));
  EXPECT_FALSE(possible(fear, Rounding::kHalfEven));
  EXPECT_FALSE(possible(fear, Rounding::kPrintf));
  EXPECT_FALSE(possible(fear, Rounding::kTruncated));
  EXPECT_TRUE(possible(fear, Rounding::kNearest));
  const PrintedScores sad{.accuracy = "93%",
                          .precision = "0.93",
                          .recall = "0.94",
                          .specificity = "0.95"};
  for (const Rounding rule : kRoundingRules)
    EXPECT_FALSE(possible(sad, rule)) << rounding_name(rule);
}

// Happy: share = p(1-c) / (s(1-p) + p(1-c)); .96 * .05 / (.97 * .04 + .048) =
// .553 in the middle; accuracy .97 * .553 + .95 * .447 = .961.
TEST(PossibleShares, BoundTheClassFromSpecificityRecallAndPrecision) {
  const ShareRange range = possible_shares(score_bounds(
      {.precision = "0.96", .recall = "0.97", .specificity = "0.95"}));
  ASSERT_TRUE(range.possible);
  // Lowest: p .955, c .955, s .975; highest: p .965, c .945, s .965.
  EXPECT_NEAR(range.low.value(), .955 * .045 / (.975 * .045 + .955 * .045),
              1e-12);
  EXPECT_NEAR(range.high.value(), .965 * .055 / (.965 * .035 + .965 * .055),
              1e-12);
}

TEST(PossibleShares, AgreeWithASearchOverSizes) {
  const char* texts[] = {"0.2", "0.5", "0.8", "1.0"};
  size_t both = 0;
  for (int i = 0; i < 4 * 4 * 4 * 4; ++i) {
    const ScoreBounds scores = score_bounds({.accuracy = texts[i % 4],
                                             .precision = texts[i / 4 % 4],
                                             .recall = texts[i / 16 % 4],
                                             .specificity = texts[i / 64]},
                                            Rounding::kHalfUp);
    const bool found = smallest_total(scores, 60).has_value();
    const bool possible = possible_shares(scores).possible;
    EXPECT_TRUE(!found || possible) << i;
    both += found && possible;
  }
  EXPECT_GT(both, 10u);
}

TEST(PossibleShares, RefuseMoreDecimalsThanTheyCanCarry) {
  EXPECT_EQ(error_text([] { possible({.precision = "0.1234567"}); }),
            "[rates] expected scores of at most six decimals; got one of more. "
            "Give the size of the test set.");
}

}  // namespace
}  // namespace fer
