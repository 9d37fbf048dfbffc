#include "data/split_official.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "data/clean_list.h"
#include "data/duplicates.h"
#include "split_builder.h"
#include "texture.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

// Copies are the only twins here.
Split deal(const ImageSet& images, const SplitConfig& config) {
  return make_split(images, config, exact_twins(images));
}

ImageSet official_images() {
  ImageSet images = build_images(labels_of({8, 8}), {"a", "b"});
  for (size_t i = 0; i < 16; ++i) {
    images.usage[i] = i % 8 < 4   ? Usage::kTraining
                      : i % 8 < 6 ? Usage::kPublicTest
                                  : Usage::kPrivateTest;
  }
  return images;
}

SplitConfig official() {
  SplitConfig config;
  config.protocol = Protocol::kOfficial;
  return config;
}

TEST(OfficialSplit, FollowsTheUsage) {
  const Split split = deal(official_images(), official());
  EXPECT_THAT(split.train, ElementsAre(0, 1, 2, 3, 8, 9, 10, 11));
  EXPECT_THAT(split.val, ElementsAre(4, 5, 12, 13));
  EXPECT_THAT(split.test, ElementsAre(6, 7, 14, 15));
}

TEST(OfficialSplit, TakesValidationFromTrainWhereThereIsNone) {
  ImageSet images = build_images(labels_of({40, 20}), {"a", "b"});
  for (size_t i = 0; i < 60; ++i)
    images.usage[i] = i % 4 == 3 ? Usage::kPrivateTest : Usage::kTraining;
  SplitConfig config = official();
  config.validation = .2;
  const Split split = deal(images, config);
  // Training: 30 a, 15 b; a fifth of it: 6 and 3.
  EXPECT_THAT(label_counts(images, split.val),
              ElementsAre(std::pair(0, 6), std::pair(1, 3)));
  EXPECT_EQ(split.train.size(), 36u);
  EXPECT_EQ(split.test.size(), 15u);
  EXPECT_THAT(all_rows(split), ElementsAreArray(count_rows(60)));
}

TEST(OfficialSplit, OfCopiesInTwoPartsTheTestsStays) {
  Rows contents = count_rows(16);
  contents[6] = contents[4] = 0;  // train 0, val 4 and test 6 are one picture
  contents[12] = 8;               // train 8 and val 12
  const ImageSet usage = official_images();
  ImageSet images = build_images(usage.labels, contents, {"a", "b"});
  images.usage = usage.usage;
  SplitConfig config = official();
  config.drop_duplicates = true;
  const Split split = deal(images, config);
  EXPECT_THAT(split.train, ElementsAre(1, 2, 3, 9, 10, 11));
  EXPECT_THAT(split.val, ElementsAre(5, 12, 13));
  EXPECT_THAT(split.test, ElementsAre(6, 7, 14, 15));
}

TEST(OfficialSplit, NeedsAUsageForEveryImage) {
  ImageSet images = official_images();
  images.usage[5] = Usage::kNone;
  EXPECT_EQ(error_text([&] { deal(images, official()); }),
            "[split] expected an official part for every image; got none for "
            "image-5. Use train/ and test/ folders or a Usage column, or "
            "protocol random.");
}

TEST(OfficialSplit, NamesAPartThatIsEmpty) {
  ImageSet images = official_images();
  std::ranges::replace(images.usage, Usage::kPrivateTest, Usage::kPublicTest);
  EXPECT_EQ(error_text([&] { deal(images, official()); }),
            "[split] expected images in test; got none of 16. Check "
            "split.protocol and its shares.");
}

TEST(OfficialSplit, KeepsNearTwinsTogetherWhereAListTakesPublicTestAway) {
  std::vector<std::vector<uint8_t>> pictures;
  for (uint32_t i = 0; i < 26; ++i) {
    pictures.push_back(texture(i));
    pictures.push_back(texture(i, {.dx = 3}));
  }
  ImageSet images = set_of(pictures);
  std::vector<CleanRow> list(images.size());
  for (size_t i = 0; i < images.size(); ++i) {
    images.labels[i] = static_cast<int64_t>(i / 2 % 2);
    images.usage[i] = i < 40   ? Usage::kTraining
                      : i < 44 ? Usage::kPublicTest
                               : Usage::kPrivateTest;
    if (images.usage[i] == Usage::kPublicTest)
      list[i].reason = DropReason::kBlank;
  }
  const TemporaryFolder folder;
  write_clean_list(folder / "keep.csv", images, list);
  DataConfig config;
  config.cache.clear();
  config.split.protocol = Protocol::kOfficial;
  config.split.validation = 0.25;
  config.split.keep = folder / "keep.csv";
  const Twins twins = find_twins(images, config.twins);
  EXPECT_GE(twins.near.size(), 20u);
  EXPECT_FALSE(cuts_a_group(twins.group, make_split(images, config)));
}

}  // namespace
}  // namespace fer
