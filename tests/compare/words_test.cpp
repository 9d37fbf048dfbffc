#include "compare/words.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace fer {
namespace {

TEST(Words, RoundPToThreeDecimalsAndNeverToZero) {
  EXPECT_EQ(p_words(0.0081), "p = 0.008");
  EXPECT_EQ(p_words(0.00049), "p < 0.001");
  EXPECT_EQ(p_words(1), "p = 1");
  EXPECT_EQ(p_cell(0.5), "0.500");
  EXPECT_EQ(p_cell(0.05042), "0.0504");
  EXPECT_EQ(p_cell(0.04968), "0.0497");
}

TEST(Words, GiveSharesInPerCentAndTheirDifferencesInPoints) {
  EXPECT_EQ(value_words(true, 0.9461), "94.6 %");
  EXPECT_EQ(value_words(false, 0.94614), "0.9461");
  EXPECT_EQ(value_words(true, std::numeric_limits<double>::quiet_NaN()), "-");
  EXPECT_EQ(difference_words(true, 0.0149), "+1.5 points");
  EXPECT_EQ(difference_words(false, -0.0123), "-0.0123");
  EXPECT_EQ(interval_words(true, {0.004, 0.026}), "[0.4, 2.6]");
  EXPECT_EQ(interval_words(false, {-0.021, -0.0012}), "[-0.0210, -0.0012]");
}

}  // namespace
}  // namespace fer
