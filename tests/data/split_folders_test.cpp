// The protocol folders: all of test/ is tested, validation is taken from
// train/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "split_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

SplitConfig folders(double validation = .2, int64_t seed = 42) {
  SplitConfig config;
  config.protocol = Protocol::kFolders;
  config.validation = validation;
  config.seed = seed;
  return config;
}

// Of every four images of 40 a and 20 b: two in train/, one PublicTest, one
// PrivateTest, so that train/ holds 20 a and 10 b.
ImageSet three_parts(Rows contents = count_rows(60)) {
  ImageSet images = build_images(labels_of({40, 20}), contents, {"a", "b"});
  for (size_t i = 0; i < images.size(); ++i) {
    images.usage[i] = i % 4 < 2    ? Usage::kTraining
                      : i % 4 == 2 ? Usage::kPublicTest
                                   : Usage::kPrivateTest;
  }
  return images;
}

ImageSet two_parts() {
  ImageSet images = three_parts();
  std::ranges::replace(images.usage, Usage::kPublicTest, Usage::kPrivateTest);
  return images;
}

Rows rows_in_test_folder() {
  Rows rows = count_rows(60);
  std::erase_if(rows, [](int64_t row) { return row % 4 < 2; });
  return rows;
}

Split deal(const ImageSet& images, const SplitConfig& config) {
  return make_split(images, config, exact_twins(images));
}

TEST(FoldersSplit, TestsBothOfficialTestParts) {
  const Split split = deal(three_parts(), folders());
  EXPECT_THAT(split.test, ElementsAreArray(rows_in_test_folder()));
}

TEST(FoldersSplit, TakesValidationFromTrainByClass) {
  const ImageSet images = three_parts();
  for (int64_t seed = 0; seed < 20; ++seed) {
    const Split split = deal(images, folders(.2, seed));
    // A fifth of 20 a and of 10 b.
    EXPECT_THAT(label_counts(images, split.val),
                ElementsAre(std::pair(0, 4), std::pair(1, 2)));
    for (const int64_t row : split.val) EXPECT_LT(row % 4, 2);
    EXPECT_THAT(all_rows(split), ElementsAreArray(count_rows(60)));
  }
}

TEST(FoldersSplit, DealsValidationByTheSeed) {
  const ImageSet images = three_parts();
  EXPECT_EQ(deal(images, folders(.2, 5)).val, deal(images, folders(.2, 5)).val);
  EXPECT_NE(deal(images, folders(.2, 5)).val, deal(images, folders(.2, 6)).val);
}

TEST(FoldersSplit, IsTheOfficialOneWhereThereIsNoPublicTest) {
  const ImageSet images = two_parts();
  SplitConfig config = folders();
  const Split split = deal(images, config);
  config.protocol = Protocol::kOfficial;
  const Split official = deal(images, config);
  EXPECT_EQ(split.train, official.train);
  EXPECT_EQ(split.val, official.val);
  EXPECT_EQ(split.test, official.test);
}

// Rows 4k and 4k + 1, both of train/, are twins.
TEST(FoldersSplit, KeepsTwinsInTrainTogetherUnlessToldNotTo) {
  const ImageSet images = three_parts();
  Rows group = count_rows(60);
  for (size_t i = 1; i < 60; i += 4) group[i] = group[i - 1];
  const Twins twins = twins_of(images, group);
  SplitConfig config = folders(.4);
  bool cut = false;
  for (config.seed = 0; config.seed < 20; ++config.seed) {
    config.group_duplicates = true;
    EXPECT_FALSE(cuts_a_group(group, make_split(images, config, twins)));
    config.group_duplicates = false;
    cut |= cuts_a_group(group, make_split(images, config, twins));
  }
  EXPECT_TRUE(cut);
}

// It leaks by design: what stands in both folders stays in both.
TEST(FoldersSplit, LeavesTwinsInTrainAndTest) {
  const ImageSet images = three_parts();
  Rows group = count_rows(60);
  group[2] = group[3] = 0;  // both test parts hold a twin of train's row 0
  const Split split = make_split(images, folders(), twins_of(images, group));
  EXPECT_THAT(all_rows(split), ElementsAreArray(count_rows(60)));
  EXPECT_TRUE(cuts_a_group(group, split));
}

TEST(FoldersSplit, UpsamplesWhatIsLeftOfTrainOnly) {
  const ImageSet images = three_parts();
  SplitConfig config = folders();
  const Split plain = deal(images, config);
  config.upsample = true;
  const Split split = deal(images, config);
  EXPECT_EQ(split.val, plain.val);
  EXPECT_EQ(split.test, plain.test);
  EXPECT_THAT(label_counts(images, split.train),
              ElementsAre(std::pair(0, 16), std::pair(1, 16)));
}

TEST(FoldersSplit, OfCopiesInBothFoldersTheTestsStays) {
  Rows contents = count_rows(60);
  contents[2] = contents[0];  // PublicTest copies train
  contents[6] = contents[7];  // PublicTest copies PrivateTest
  const ImageSet images = three_parts(contents);
  SplitConfig config = folders();
  config.drop_duplicates = true;
  Rows expected = count_rows(60);
  std::erase(expected, 0);
  std::erase(expected, 6);
  EXPECT_THAT(all_rows(deal(images, config)), ElementsAreArray(expected));
}

TEST(FoldersSplit, NeedsAFolderForEveryImage) {
  ImageSet images = three_parts();
  images.usage[5] = Usage::kNone;
  EXPECT_EQ(error_text([&] { deal(images, folders()); }),
            "[split] expected an official part for every image; got none for "
            "image-5. Use train/ and test/ folders or a Usage column, or "
            "protocol random.");
}

}  // namespace
}  // namespace fer
