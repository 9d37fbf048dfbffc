// Vectors: numpy 2.4.6, printed by tests/reference/sklearn_splits.py.
#include "core/numpy_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error.h"

namespace fer {
namespace {

using testing::ElementsAre;
using Rows = std::vector<int64_t>;

Rows head(const Rows& rows, size_t n) {
  return {rows.begin(), rows.begin() + static_cast<ptrdiff_t>(n)};
}

TEST(NumpyRandom, PermutationEqualsNumpys) {
  EXPECT_THAT(NumpyRandom(42).permutation(10),
              ElementsAre(8, 1, 5, 0, 7, 2, 9, 4, 3, 6));
  EXPECT_THAT(head(NumpyRandom(42).permutation(150), 10),
              ElementsAre(73, 18, 118, 78, 76, 31, 64, 141, 68, 82));
}

TEST(NumpyRandom, PermutationOfOneOrNoneDrawsNothing) {
  NumpyRandom random(42);
  EXPECT_THAT(random.permutation(0), ElementsAre());
  EXPECT_THAT(random.permutation(1), ElementsAre(0));
  EXPECT_DOUBLE_EQ(random.random_sample(), 0.37454011884736249);
}

TEST(NumpyRandom, ShuffleIsPermutationOfValues) {
  Rows values = {10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
  NumpyRandom(42).shuffle(std::span(values));
  EXPECT_THAT(values, ElementsAre(18, 11, 15, 10, 17, 12, 19, 14, 13, 16));
}

TEST(NumpyRandom, RandintEqualsNumpys) {
  EXPECT_THAT(NumpyRandom(42).randint(0, 100, 10),
              ElementsAre(51, 92, 14, 71, 60, 20, 82, 86, 74, 74));
}

TEST(NumpyRandom, RandintOfAFullWordTakesWordsAsTheyCome) {
  EXPECT_THAT(NumpyRandom(0).randint(0, int64_t{1} << 32, 3),
              ElementsAre(2357136044, 2546248239, 3071714933));
  EXPECT_THAT(NumpyRandom(3).randint(0, int64_t{1} << 32, 2),
              ElementsAre(2365658986, 303761048));
}

TEST(NumpyRandom, RandintOfMoreThanAWordDrawsTheHighWordFirst) {
  EXPECT_THAT(NumpyRandom(3).randint(0, int64_t{1} << 40, 3),
              ElementsAre(455570294424, 1073054410371, 790795084744));
  EXPECT_THAT(NumpyRandom(3).randint(0, (int64_t{1} << 40) + 1, 3),
              ElementsAre(1073054410371, 867663915883, 593770158997));
}

TEST(NumpyRandom, RandintOfOneValueDrawsNothing) {
  NumpyRandom random(42);
  EXPECT_THAT(random.randint(5, 6, 2), ElementsAre(5, 5));
  EXPECT_DOUBLE_EQ(random.random_sample(), 0.37454011884736249);
}

TEST(NumpyRandom, RandintCoversTheFullRangeOfInt64) {
  constexpr int64_t kLow = std::numeric_limits<int64_t>::min();
  constexpr int64_t kHigh = std::numeric_limits<int64_t>::max();
  // RandomState(1).randint(-2**63, 2**63 - 1, 2)
  EXPECT_THAT(NumpyRandom(1).randint(kLow, kHigh, 2),
              ElementsAre(-1530673954295414549, 4064269471072392264));
}

TEST(NumpyRandom, RandintOfAnEmptyRangeIsAnError) {
  try {
    NumpyRandom(1).randint(3, 3, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[random] expected low < high; got 3 and 3. Widen the range.");
  }
}

TEST(NumpyRandom, ChoiceWithReplacementIsRandint) {
  EXPECT_EQ(NumpyRandom(7).choice(9, 20, true),
            NumpyRandom(7).randint(0, 9, 20));
}

TEST(NumpyRandom, ChoiceWithoutReplacementIsTheHeadOfAPermutation) {
  EXPECT_THAT(NumpyRandom(1).choice(8, 3, false), ElementsAre(7, 2, 1));
  EXPECT_EQ(NumpyRandom(1).choice(8, 8, false), NumpyRandom(1).permutation(8));
}

TEST(NumpyRandom, ChoiceOfMoreThanThereAreIsAnError) {
  try {
    NumpyRandom(1).choice(3, 4, false);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[random] expected a sample of at most 3 without replacement; "
                 "got 4. Draw with replacement.");
  }
}

TEST(NumpyRandom, ChoiceWithProbabilitiesEqualsNumpys) {
  const std::vector<double> p = {.1, .2, .3, .15, .25};
  EXPECT_THAT(NumpyRandom(0).choice(8, p), ElementsAre(2, 3, 3, 2, 2, 3, 2, 4));
}

TEST(NumpyRandom, ChoiceOfADrawOnTheBorderIsTheUpperOne) {
  const double tie = NumpyRandom(42).random_sample();
  const std::vector<double> p = {tie, 1 - tie};
  EXPECT_THAT(NumpyRandom(42).choice(1, p), ElementsAre(1));
}

TEST(NumpyRandom, ChoiceWithNoProbabilitiesIsAnError) {
  try {
    NumpyRandom(0).choice(1, std::span<const double>());
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "[random] expected probabilities; got none.");
  }
}

TEST(NumpyRandom, RandomSampleHas53Bits) {
  NumpyRandom random(42);
  EXPECT_EQ(random.random_sample(), 0.37454011884736249);
  for (int i = 0; i < 1000; ++i) {
    const double value = random.random_sample();
    EXPECT_GE(value, 0.0);
    EXPECT_LT(value, 1.0);
    EXPECT_EQ(value * 0x1p53, std::floor(value * 0x1p53));
  }
}

TEST(NumpyRandom, IntervalOfZeroDrawsNothing) {
  NumpyRandom random(42);
  EXPECT_EQ(random.interval(0), 0u);
  EXPECT_EQ(random.random_sample(), 0.37454011884736249);
}

}  // namespace
}  // namespace fer
