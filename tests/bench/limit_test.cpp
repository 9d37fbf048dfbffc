#include "bench/limit.h"

#include <gtest/gtest.h>

namespace fer {
namespace {

// 1e9 multiply-adds are 2 GFLOP: a peak of 200 GFLOP/s allows 100 images/s.
constexpr double kWork = 1e9, kPeak = 200e9;

TEST(Judge, GivesTheShareOfTheLimit) {
  const Judgement judgement = judge(75, kWork, kPeak, false);
  EXPECT_DOUBLE_EQ(judgement.flops, 150e9);
  EXPECT_DOUBLE_EQ(judgement.limit, 100);
  EXPECT_DOUBLE_EQ(judgement.share, 0.75);
  EXPECT_EQ(judgement.verdict, Verdict::kPossible);
}

TEST(Judge, FindsRatesThatCannotBe) {
  EXPECT_EQ(judge(102.9, kWork, kPeak, false).verdict, Verdict::kPossible);
  const Judgement judgement = judge(103.1, kWork, kPeak, false);
  EXPECT_EQ(judgement.verdict, Verdict::kImpossible);
  EXPECT_STREQ(word(judgement.verdict), "impossible");
}

TEST(Judge, AllowsWinogradMoreThanDirectWork) {
  const Judgement judgement = judge(180, kWork, kPeak, true);
  EXPECT_EQ(judgement.verdict, Verdict::kDirectEquivalent);
  EXPECT_STREQ(word(judgement.verdict), "direct-equivalent");
  EXPECT_DOUBLE_EQ(judgement.share, 1.8);
  EXPECT_EQ(judge(80, kWork, kPeak, true).verdict, Verdict::kPossible);
}

TEST(Judge, KnowsNoLimitWithoutAPeak) {
  const Judgement judgement = judge(1e9, kWork, 0, false);
  EXPECT_EQ(judgement.verdict, Verdict::kPossible);
  EXPECT_EQ(judgement.limit, 0);
  EXPECT_EQ(judgement.share, 0);
}

}  // namespace
}  // namespace fer
