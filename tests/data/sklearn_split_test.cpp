// Vectors and digests: numpy 2.4.6, scikit-learn 1.9.1, printed by
// tests/reference/sklearn_splits.py.
#include "data/sklearn_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "core/error.h"
#include "core/hash.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using Rows = std::vector<int64_t>;

Rows head(const Rows& rows, size_t n) {
  return {rows.begin(), rows.begin() + static_cast<ptrdiff_t>(n)};
}
Rows tail(const Rows& rows, size_t n) {
  return {rows.end() - static_cast<ptrdiff_t>(n), rows.end()};
}

// SHA-256 of the indices as little-endian int64.
std::string digest(const Rows& rows) {
  return sha256(std::as_bytes(std::span(rows)));
}

TEST(Resample, EqualsScikitLearn) {
  EXPECT_THAT(resample(10, 10, true, 42),
              ElementsAre(6, 3, 7, 4, 6, 9, 2, 6, 7, 4));
  EXPECT_THAT(resample(3, 3, true, 0), ElementsAre(0, 1, 0));
  EXPECT_THAT(resample(3, 3, false, 0), ElementsAre(2, 1, 0));
}

TEST(Resample, StratifiedEqualsScikitLearn) {
  const Rows y = {0, 0, 1, 1, 1, 1, 1, 1, 1};
  Rows labels;
  for (const int64_t row : resample(y, 5, false, 0))
    labels.push_back(y[static_cast<size_t>(row)]);
  EXPECT_THAT(labels, ElementsAre(1, 1, 1, 0, 1));
  const Rows twelve = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  EXPECT_THAT(resample(twelve, 7, true, 42),
              ElementsAre(11, 6, 6, 9, 4, 3, 11));
}

TEST(Resample, NamesWhatIsMissing) {
  EXPECT_EQ(error_text([] { resample(0, 1, true, 0); }),
            "[split] expected rows to draw from; got none.");
  EXPECT_EQ(error_text([] { resample(Rows(), 1, true, 0); }),
            "[split] expected rows to draw from; got none.");
  EXPECT_EQ(error_text([] { resample(2, 3, false, 0); }),
            "[random] expected a sample of at most 2 without replacement; got "
            "3. Draw with replacement.");
}

Rows mode(const Rows& counts, int64_t n, uint32_t seed) {
  NumpyRandom random(seed);
  return approx_mode(counts, n, random);
}

TEST(ApproxMode, EqualsScikitLearn) {
  EXPECT_THAT(mode({4, 2}, 3, 0), ElementsAre(2, 1));
  EXPECT_THAT(mode({5, 5, 5, 5}, 2, 0), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(mode({1, 1, 1, 1, 1}, 3, 42), ElementsAre(0, 1, 1, 0, 1));
  EXPECT_THAT(mode({13, 9, 5}, 20, 42), ElementsAre(9, 7, 4));
}

TEST(TrainTestSplit, StratifiedEqualsScikitLearn) {
  Rows a(27);
  std::fill(a.begin() + 13, a.end(), 1);
  std::fill(a.begin() + 22, a.end(), 2);
  const TrainTest split = train_test_split(a, {}, {.share = .25}, 42);
  EXPECT_THAT(split.train, ElementsAre(24, 9, 2, 11, 19, 12, 5, 14, 4, 8, 1, 17,
                                       0, 18, 22, 15, 13, 26, 25, 16));
  EXPECT_THAT(split.test, ElementsAre(20, 3, 21, 10, 23, 7, 6));
}

TEST(TrainTestSplit, StratifiedWithBothSharesEqualsScikitLearn) {
  Rows b;
  for (int64_t i = 0; i < 23; ++i) b.push_back(i % 3);  // [0, 1, 2] * 7, 0, 1
  const TrainTest split = train_test_split(b, {.share = .5}, {.share = .3}, 7);
  EXPECT_THAT(split.train, ElementsAre(19, 6, 13, 15, 8, 22, 17, 0, 5, 10, 3));
  EXPECT_THAT(split.test, ElementsAre(14, 7, 20, 16, 11, 21, 12));
}

TEST(TrainTestSplit, PlainIsThePermutationCutInTwo) {
  // permutation(10) of seed 42 is 8 1 5 0 7 2 9 4 3 6; ceil(.25 * 10) = 3.
  const TrainTest split = train_test_split(10, {}, {}, 42);
  EXPECT_THAT(split.test, ElementsAre(8, 1, 5));
  EXPECT_THAT(split.train, ElementsAre(0, 7, 2, 9, 4, 3, 6));
}

TEST(TrainTestSizes, RoundTestUpAndTrainDown) {
  const auto check = [](size_t n, SideSize train, SideSize test, size_t n_train,
                        size_t n_test) {
    const TrainTestSizes sizes = train_test_sizes(n, train, test);
    EXPECT_EQ(sizes.train, n_train);
    EXPECT_EQ(sizes.test, n_test);
  };
  check(11, {}, {}, 8, 3);                         // ceil(2.75)
  check(11, {.share = .5}, {}, 5, 6);              // floor(5.5)
  check(11, {.share = .5}, {.share = .25}, 5, 3);  // ceil(2.75)
  check(11, {.count = 4}, {}, 4, 7);
  check(11, {}, {.count = 4}, 7, 4);
  check(17978, {}, {.share = .1}, 16180, 1798);  // ceil(1797.8)
  check(16180, {}, {.share = .1}, 14562, 1618);
}

TEST(TrainTestSizes, NameASideThatIsEmptyOrTooLarge) {
  EXPECT_EQ(error_text([] { train_test_sizes(1, {}, {.share = .5}); }),
            "[split] expected two sides of at least 1 row within 1; got 0 and "
            "1. Change the shares.");
  EXPECT_EQ(
      error_text([] { train_test_sizes(10, {.count = 8}, {.share = .3}); }),
      "[split] expected two sides of at least 1 row within 10; got 8 and "
      "3. Change the shares.");
}

TEST(TrainTestSplit, NeedsTwoRowsOfEveryClass) {
  const Rows labels = {0, 0, 0, 1};
  EXPECT_EQ(error_text([&] { train_test_split(labels, {}, {.share = .5}, 0); }),
            "[split] expected at least 2 rows of every class to stratify; got "
            "a class with 1. Remove the class or set split.stratify: false.");
}

TEST(TrainTestSplit, NeedsARowOfEveryClassOnEachSide) {
  const Rows labels = {0, 0, 1, 1, 2, 2};
  EXPECT_EQ(error_text([&] { train_test_split(labels, {}, {.count = 2}, 0); }),
            "[split] expected at least 3 rows on each side, one per class; got "
            "4 and 2. Change the shares or set split.stratify: false.");
}

class ReportGolden : public testing::Test {
 protected:
  static constexpr int64_t kHappy = 8989, kSad = 6077;
  const TrainTest outer_ = train_test_split(2 * kHappy, {}, {.share = .1}, 42);
  const TrainTest inner_ =
      train_test_split(outer_.train.size(), {}, {.share = .1}, 42);

  Rows of_outer(const Rows& positions) const {
    Rows rows;
    for (const int64_t at : positions)
      rows.push_back(outer_.train[static_cast<size_t>(at)]);
    return rows;
  }
  static int64_t sad_rows(const Rows& rows) {
    return std::ranges::count_if(rows, [](int64_t r) { return r < kHappy; });
  }
};

TEST_F(ReportGolden, UpsampledSadImagesEqualScikitLearn) {
  const Rows sad = resample(kSad, kHappy, true, 42);
  EXPECT_THAT(head(sad, 10), ElementsAre(860, 5390, 5226, 5191, 3772, 3092,
                                         5734, 466, 5334, 4426));
  EXPECT_THAT(tail(sad, 3), ElementsAre(2975, 1049, 453));
  EXPECT_EQ(std::set<int64_t>(sad.begin(), sad.end()).size(), 4649u);
  EXPECT_EQ(digest(sad),
            "96bdbd2377cb2efb473f2b369cce21fbfb1d7297147f117dfaa2f669f2bd946e");
}

TEST_F(ReportGolden, TrainRowsEqualScikitLearn) {
  const Rows train = of_outer(inner_.train);
  EXPECT_EQ(train.size(), 14562u);
  EXPECT_EQ(sad_rows(train), 7266);
  EXPECT_THAT(head(train, 5), ElementsAre(14938, 8311, 8871, 11690, 4583));
  EXPECT_THAT(tail(train, 3), ElementsAre(5653, 8002, 3370));
  EXPECT_EQ(digest(train),
            "79671e2c5af150aab8bdd572a5d2602c1449f122bf2c84e947712c34379916c1");
}

TEST_F(ReportGolden, ValidationRowsEqualScikitLearn) {
  const Rows val = of_outer(inner_.test);
  EXPECT_EQ(val.size(), 1618u);
  EXPECT_EQ(sad_rows(val), 826);
  EXPECT_THAT(head(val, 5), ElementsAre(14104, 8684, 7824, 10422, 9711));
  EXPECT_THAT(tail(val, 3), ElementsAre(4986, 529, 14057));
  EXPECT_EQ(digest(val),
            "3c287101886da754b7c3c14f83927e646ee1134db58a2a6267c25fdaeeed2faa");
}

TEST_F(ReportGolden, TestRowsEqualScikitLearn) {
  const Rows& test = outer_.test;
  EXPECT_EQ(test.size(), 1798u);
  EXPECT_EQ(sad_rows(test), 897);
  EXPECT_THAT(head(test, 5), ElementsAre(5954, 2616, 4518, 4400, 11789));
  EXPECT_THAT(tail(test, 3), ElementsAre(483, 12367, 2214));
  EXPECT_EQ(digest(test),
            "7e84c766fc894d74dde88185908f82e5a736eba74b523cd15337daf7049727dd");
}

}  // namespace
}  // namespace fer
