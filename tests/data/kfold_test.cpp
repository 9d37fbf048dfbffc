#include "data/kfold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/deal.h"
#include "split_builder.h"

namespace fer {
namespace {

using testing::ElementsAreArray;

SplitConfig folds(int k, int fold, int64_t seed = 42) {
  SplitConfig config;
  config.protocol = Protocol::kKfold;
  config.folds = k;
  config.fold = fold;
  config.seed = seed;
  return config;
}

TEST(Kfold, TestsEveryRowExactlyOnce) {
  const ImageSet images =
      build_images(labels_of({53, 31, 20}), {"a", "b", "c"});
  const Twins twins = exact_twins(images);
  Rows tested;
  for (int fold = 0; fold < 5; ++fold) {
    const Split split = make_split(images, folds(5, fold), twins);
    EXPECT_THAT(all_rows(split), ElementsAreArray(count_rows(104)));
    tested.insert(tested.end(), split.test.begin(), split.test.end());
  }
  std::ranges::sort(tested);
  EXPECT_THAT(tested, ElementsAreArray(count_rows(104)));
}

TEST(Kfold, FoldsAreEqualInEveryClassToWithinOneRow) {
  // 53 = 5 * 10 + 3, 31 = 5 * 6 + 1, 20 = 5 * 4; 104 = 5 * 20 + 4.
  const ImageSet images =
      build_images(labels_of({53, 31, 20}), {"a", "b", "c"});
  const Twins twins = exact_twins(images);
  for (int64_t seed = 0; seed < 20; ++seed) {
    int larger = 0;
    for (int fold = 0; fold < 5; ++fold) {
      const Split split = make_split(images, folds(5, fold, seed), twins);
      auto counts = label_counts(images, split.test);
      EXPECT_TRUE(counts[0] == 10 || counts[0] == 11);
      EXPECT_TRUE(counts[1] == 6 || counts[1] == 7);
      EXPECT_EQ(counts[2], 4);
      EXPECT_TRUE(split.test.size() == 20 || split.test.size() == 21);
      larger += split.test.size() == 21;
    }
    EXPECT_EQ(larger, 4);
  }
}

TEST(Kfold, DrawsValidationFromWhatIsLeft) {
  // Fold of 40, validation ceil(0.1 * 160) = 16: 8 of each class.
  const ImageSet images = build_images(labels_of({100, 100}), {"a", "b"});
  const Split split = make_split(images, folds(5, 3), exact_twins(images));
  EXPECT_EQ(split.test.size(), 40u);
  EXPECT_EQ(split.val.size(), 16u);
  EXPECT_EQ(label_counts(images, split.val)[0], 8);
  EXPECT_EQ(split.train.size(), 144u);
}

TEST(Kfold, PutsAGroupLargerThanAFoldIntoOneOfThem) {
  // 30 twins of class a; a fold has 12 places for it.
  Rows group = count_rows(100);
  for (size_t i = 0; i < 30; ++i) group[i] = 0;
  const ImageSet images = build_images(labels_of({60, 40}), {"a", "b"});
  const Twins twins = twins_of(images, group);
  size_t tested = 0;
  for (int fold = 0; fold < 5; ++fold) {
    const Split split = make_split(images, folds(5, fold), twins);
    EXPECT_FALSE(cuts_a_group(group, split));
    EXPECT_EQ(label_counts(images, split.test)[1], 8);
    tested += split.test.size();
  }
  EXPECT_EQ(tested, 100u);
}

TEST(DealEqual, SpreadsGroupsThatFitNowhere) {
  // Three times 20 twins of class a; a part has 12 places for it.
  Rows group = count_rows(100);
  for (size_t i = 0; i < 60; ++i) group[i] = static_cast<int64_t>(i / 20);
  const ImageSet images = build_images(labels_of({60, 40}), {"a", "b"});
  NumpyRandom random(42);
  const auto parts =
      deal_equal(images, count_rows(100), {.group = group}, 5, random);
  std::vector<size_t> sizes;
  for (const Rows& part : parts) sizes.push_back(part.size());
  std::ranges::sort(sizes);
  EXPECT_THAT(sizes, testing::ElementsAre(8, 8, 28, 28, 28));
}

TEST(Kfold, LeavesOutBlanksAndContradictionsAsCleanDoes) {
  Rows contents = count_rows(100);
  contents[7] = -1;
  contents[80] = 3;  // under the other label
  const ImageSet images =
      build_images(labels_of({50, 50}), contents, {"a", "b"});
  Rows expected = count_rows(100);
  for (const int64_t gone : {3, 7, 80}) std::erase(expected, gone);
  EXPECT_THAT(all_rows(make_split(images, folds(4, 1), exact_twins(images))),
              ElementsAreArray(expected));
}

TEST(Kfold, FoldMustBeOneOfTheFolds) {
  const ImageSet images = build_images(labels_of({50, 50}), {"a", "b"});
  for (const int fold : {5, -1}) {
    EXPECT_EQ(error_text([&] {
                make_split(images, folds(5, fold), exact_twins(images));
              }),
              "[split] expected split.fold from 0 to 4; got " +
                  std::to_string(fold) + ". Choose one of the 5 folds.");
  }
}

TEST(Kfold, NeedsEveryClassInEveryPart) {
  const ImageSet images = build_images(labels_of({50, 3}), {"happy", "sad"});
  std::string text = "no error";
  for (int fold = 0; fold < 5 && text == "no error"; ++fold) {
    text = error_text(
        [&] { make_split(images, folds(5, fold), exact_twins(images)); });
  }
  EXPECT_THAT(text, testing::StartsWith("[split] expected every class in "));
  EXPECT_THAT(text, testing::HasSubstr("got no image of 'sad'"));
}

}  // namespace
}  // namespace fer
