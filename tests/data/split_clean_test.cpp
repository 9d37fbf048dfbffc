// The protocols clean and official_clean, and the list of images to keep.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "split_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

SplitConfig with(Protocol protocol, int64_t seed = 42) {
  SplitConfig config;
  config.protocol = protocol;
  config.seed = seed;
  return config;
}

// --------------------------------------------------------------- clean

TEST(CleanSplit, DropsBlankImages) {
  Rows contents = count_rows(60);
  contents[3] = contents[50] = -1;
  const ImageSet images =
      build_images(labels_of({30, 30}), contents, {"a", "b"});
  const Split split =
      make_split(images, with(Protocol::kClean), exact_twins(images));
  Rows expected = count_rows(60);
  for (const int64_t blank : {3, 50}) std::erase(expected, blank);
  EXPECT_THAT(all_rows(split), ElementsAreArray(expected));
}

TEST(CleanSplit, DropsWholeGroupsWithTwoLabels) {
  // 1 and 40 are copies under two labels; 5, 6 and 41 near twins under two; 7
  // and 8 agree.
  Rows group = count_rows(60);
  group[40] = 1;
  group[6] = group[41] = 5;
  group[8] = 7;
  const ImageSet images = build_images(labels_of({30, 30}), {"a", "b"});
  const Split split =
      make_split(images, with(Protocol::kClean), twins_of(images, group));
  Rows expected = count_rows(60);
  for (const int64_t gone : {1, 40, 5, 6, 41}) std::erase(expected, gone);
  EXPECT_THAT(all_rows(split), ElementsAreArray(expected));
}

TEST(CleanSplit, KeepsCopiesThatAgreeInOnePart) {
  Rows contents = count_rows(200);
  for (size_t i = 0; i < 40; ++i) contents[i] /= 2;
  const ImageSet images =
      build_images(labels_of({100, 100}), contents, {"a", "b"});
  for (int64_t seed = 0; seed < 20; ++seed) {
    const Split split =
        make_split(images, with(Protocol::kClean, seed), exact_twins(images));
    EXPECT_THAT(all_rows(split), ElementsAreArray(count_rows(200)));
    EXPECT_FALSE(cuts_a_group(contents, split));
  }
}

TEST(CleanSplit, UpsamplesTrainOnlyWhenAsked) {
  const ImageSet images = build_images(labels_of({100, 40}), {"a", "b"});
  SplitConfig config = with(Protocol::kClean);
  const Split plain = make_split(images, config, exact_twins(images));
  EXPECT_THAT(label_counts(images, plain.train),
              ElementsAre(std::pair(0, 80), std::pair(1, 32)));
  config.upsample = true;
  const Split split = make_split(images, config, exact_twins(images));
  EXPECT_THAT(label_counts(images, split.train),
              ElementsAre(std::pair(0, 80), std::pair(1, 80)));
  EXPECT_EQ(split.val, plain.val);
  EXPECT_EQ(split.test, plain.test);
}

TEST(CleanSplit, NeverLetsTwinsApartWhateverTheSettings) {
  // group_duplicates: false is refused with the settings; here it changes
  // nothing.
  Rows group = count_rows(120);
  for (int64_t& number : group) number /= 3;
  const ImageSet images = build_images(labels_of({60, 60}), {"a", "b"});
  SplitConfig config = with(Protocol::kClean);
  config.group_duplicates = false;
  EXPECT_FALSE(
      cuts_a_group(group, make_split(images, config, twins_of(images, group))));
}

// ---------------------------------------------------------------- keep

TEST(KeptImages, AreTheOnlyOnes) {
  const ImageSet images = build_images(labels_of({60, 60}), {"a", "b"});
  std::vector<bool> kept(120, true);
  kept[0] = kept[77] = false;
  Rows expected = count_rows(120);
  for (const int64_t gone : {0, 77}) std::erase(expected, gone);
  for (const Protocol protocol :
       {Protocol::kRandom, Protocol::kClean, Protocol::kKfold}) {
    const Split split =
        make_split(images, with(protocol), exact_twins(images), kept);
    EXPECT_THAT(all_rows(split), ElementsAreArray(expected));
  }
}

TEST(KeptImages, MaySettleAConflict) {
  // 5 and 41 are twins under two labels; somebody looked and took 41 out.
  Rows group = count_rows(60);
  group[41] = 5;
  const ImageSet images = build_images(labels_of({30, 30}), {"a", "b"});
  std::vector<bool> kept(60, true);
  kept[41] = false;
  const Split split =
      make_split(images, with(Protocol::kClean), twins_of(images, group), kept);
  Rows expected = count_rows(60);
  std::erase(expected, 41);
  EXPECT_THAT(all_rows(split), ElementsAreArray(expected));
}

// ------------------------------------------------------ official_clean

// Rows 0..7 of class a and 8..15 of b: four train, two PublicTest, two
// PrivateTest each.
ImageSet official_images() {
  ImageSet images = build_images(labels_of({8, 8}), {"a", "b"});
  for (size_t i = 0; i < 16; ++i) {
    images.usage[i] = i % 8 < 4   ? Usage::kTraining
                      : i % 8 < 6 ? Usage::kPublicTest
                                  : Usage::kPrivateTest;
  }
  return images;
}

TEST(OfficialCleanSplit, TakesOutTheTwinsOfTheTestAndOfValidation) {
  const ImageSet images = official_images();
  Rows group = count_rows(16);
  group[1] = group[4] = 6;  // train 1 and val 4 with test 6
  group[9] = 13;            // train 9 with val 13
  group[10] = 11;           // twins in train stay
  group[15] = 14;           // twins in the test stay
  const Split split = make_split(images, with(Protocol::kOfficialClean),
                                 twins_of(images, group));
  EXPECT_THAT(split.train, ElementsAre(0, 2, 3, 8, 10, 11));
  EXPECT_THAT(split.val, ElementsAre(5, 12, 13));
  EXPECT_THAT(split.test, ElementsAre(6, 7, 14, 15));
}

TEST(OfficialCleanSplit, LeavesTheOfficialSplitAlone) {
  const ImageSet images = official_images();
  Rows group = count_rows(16);
  group[1] = group[4] = 6;
  const Split split =
      make_split(images, with(Protocol::kOfficial), twins_of(images, group));
  EXPECT_THAT(split.train, ElementsAre(0, 1, 2, 3, 8, 9, 10, 11));
  EXPECT_THAT(split.val, ElementsAre(4, 5, 12, 13));
}

TEST(OfficialCleanSplit, KeepsTwinsTogetherWhereItDealsValidation) {
  ImageSet images = build_images(labels_of({60, 60}), {"a", "b"});
  for (size_t i = 0; i < 120; ++i)
    images.usage[i] = i % 6 == 5 ? Usage::kPrivateTest : Usage::kTraining;
  // Pairs 0-1, 2-3 and 4-5 of every six: the third reaches into the test.
  Rows group = count_rows(120);
  for (int64_t& number : group) number /= 2;
  const Twins twins = twins_of(images, group);
  for (int64_t seed = 0; seed < 20; ++seed) {
    SplitConfig config = with(Protocol::kOfficialClean, seed);
    config.validation = .25;
    const Split split = make_split(images, config, twins);
    EXPECT_EQ(split.test.size(), 20u);
    EXPECT_EQ(split.val.size(), 20u);  // a quarter of 120 - 20 - 20
    EXPECT_EQ(split.train.size(), 60u);
    EXPECT_FALSE(cuts_a_group(group, split));
  }
}

TEST(OfficialCleanSplit, NeedsAUsageForEveryImage) {
  ImageSet images = official_images();
  images.usage[5] = Usage::kNone;
  EXPECT_EQ(error_text([&] {
              make_split(images, with(Protocol::kOfficialClean),
                         exact_twins(images));
            }),
            "[split] expected an official part for every image; got none for "
            "image-5. Use train/ and test/ folders or a Usage column, or "
            "protocol random.");
}

}  // namespace
}  // namespace fer
