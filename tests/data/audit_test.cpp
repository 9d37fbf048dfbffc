#include "data/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/duplicates.h"
#include "image_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;

// Two classes. Contents: 0 three times (labels 0 0 1: a conflict), 1 twice, 2
// and 3 once, blank twice.
ImageSet nine_images() {
  return build_images({0, 0, 1, 1, 1, 0, 1, 0, 0},
                      {0, 0, 0, 1, 1, 2, 3, -1, -1}, {"happy", "sad"});
}

TEST(FirstCopies, NameTheFirstImageWithTheSamePixels) {
  EXPECT_THAT(first_copies(nine_images()),
              ElementsAre(0, 0, 0, 3, 3, 5, 6, 7, 7));
}

TEST(FirstCopies, OfNoImagesAreNone) {
  EXPECT_THAT(first_copies(build_images({}, {}, {})), ElementsAre());
}

TEST(FirstCopies, TellManyNearlyEqualImagesApart) {
  // 70,000 images that differ in one to three bytes.
  std::vector<int64_t> labels(70'000), contents(70'000);
  for (size_t i = 0; i < contents.size(); ++i)
    contents[i] = static_cast<int64_t>(i);
  const auto first = first_copies(build_images(labels, contents, {"a"}));
  EXPECT_EQ(first, contents);
}

TEST(FirstCopies, TellImagesOfEqualHashApart) {
  // Solved for: the hash of duplicates.cpp is the same for both.
  static const uint8_t kPixels[2][16] = {
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
      {16, 17, 18, 19, 20, 21, 22, 23, 43, 54, 156, 79, 66, 113, 94, 183}};
  ImageSet images;
  images.height = images.width = 4;
  images.labels = {0, 0};
  images.pixels = kPixels[0];
  EXPECT_THAT(first_copies(images), ElementsAre(0, 1));
}

TEST(Audit, CountsCopiesConflictsAndBlanks) {
  ImageSet images = nine_images();
  images.bad = {{"train/sad/x.jpg", "not an image"}};
  const Json audit = audit_images(images, {{0, 3, 7}, {1, 4}, {2, 5, 8}});
  EXPECT_EQ(audit["images"], 9);
  EXPECT_EQ(audit["exact_duplicates"], 4);  // 2 of content 0, 1 of 1, 1 blank
  EXPECT_EQ(audit["duplicate_groups"], 3);
  EXPECT_EQ(audit["conflict_groups"], 1);
  EXPECT_EQ(audit["conflict_images"], 3);
  EXPECT_EQ(audit["blank_images"], 2);
  for (const char* key :
       {"near_twin_pairs", "near_twin_images", "twin_redundant",
        "twin_largest_group", "twin_conflict_groups", "twin_conflict_images"})
    EXPECT_TRUE(audit[key].is_null()) << key;
  EXPECT_EQ(audit["bad_images"].dump(),
            R"([{"id":"train/sad/x.jpg","reason":"not an image"}])");
}

TEST(Audit, CountsLeaksPerSplitButNotBlankImages) {
  const Json audit =
      audit_images(nine_images(), {{0, 3, 7}, {1, 4}, {2, 5, 8}});
  // test 2 copies train 0; test 8 copies train 7 but is blank.
  EXPECT_EQ(audit["cross_split"]["train-test"]["exact"], 1);
  EXPECT_DOUBLE_EQ(audit["cross_split"]["train-test"]["share"], 1.0 / 3);
  EXPECT_EQ(audit["cross_split"]["train-val"]["exact"], 2);
  EXPECT_DOUBLE_EQ(audit["cross_split"]["train-val"]["share"], 1.0);
  EXPECT_EQ(audit["cross_split"]["val-test"]["exact"], 1);  // 2 copies 1
}

TEST(Audit, CountsARowThatStandsInBothPartsAsALeak) {
  const Json audit = audit_images(nine_images(), {{5, 6}, {0}, {5, 5, 3}});
  EXPECT_EQ(audit["cross_split"]["train-test"]["exact"], 2);
}

TEST(Audit, CountsClassesPerSplit) {
  const Json audit =
      audit_images(nine_images(), {{0, 3, 3, 7}, {1, 4}, {2, 5, 8}});
  EXPECT_EQ(audit["class_counts"].dump(),
            R"({"train":{"happy":2,"sad":2},"val":{"happy":1,"sad":1},)"
            R"("test":{"happy":2,"sad":1}})");
}

TEST(Audit, SaysHowEvenTheClassesAre) {
  const Json audit =
      audit_images(nine_images(), {{0, 3, 3, 7}, {1, 4}, {0, 1, 2}});
  EXPECT_EQ(audit["class_balance"]["train"], 1.0);     // 2 : 2
  EXPECT_EQ(audit["class_balance"]["test"], 1.0 / 2);  // 2 happy, 1 sad
  EXPECT_TRUE(
      audit_images(nine_images(), {{0}, {}, {1}})["class_balance"]["val"]
          .is_null());
}

// nine_images with near twins 3-5 and 5-6: groups {0 1 2}, {3 4 5 6}, 7, 8.
Twins nine_twins() {
  Twins twins = exact_twins(nine_images());
  add_near_twins(twins, {{3, 5, 0.97f}, {5, 6, 0.96f}});
  return twins;
}

TEST(Audit, CountsNearTwinsAndTheirGroups) {
  const Json audit =
      audit_images(nine_images(), {{0, 3, 7}, {1, 4}, {2, 5, 8}}, nine_twins());
  EXPECT_EQ(audit["exact_duplicates"], 4);
  EXPECT_EQ(audit["conflict_groups"], 1);
  EXPECT_EQ(audit["near_twin_pairs"], 2);
  EXPECT_EQ(audit["near_twin_images"], 3);
  EXPECT_EQ(audit["twin_redundant"], 5);  // 3 - 1 + 4 - 1; blanks have none
  EXPECT_EQ(audit["twin_largest_group"], 4);
  EXPECT_EQ(audit["twin_conflict_groups"], 2);  // labels 0 0 1 and 1 1 0 1
  EXPECT_EQ(audit["twin_conflict_images"], 7);
}

TEST(Audit, CountsALeakOfNearTwinsApartAndBothInTheShare) {
  const Json audit = audit_images(
      nine_images(), {{0, 3, 7}, {1, 4}, {2, 5, 6, 8}}, nine_twins());
  // 2 copies 0; 5 and 6 are near twins of 3; 8 is blank.
  EXPECT_EQ(audit["cross_split"]["train-test"].dump(),
            R"({"exact":1,"near":2,"rows":4,"share":0.75})");
  EXPECT_EQ(audit["cross_split"]["train-val"].dump(),
            R"({"exact":2,"near":0,"rows":2,"share":1.0})");
  EXPECT_EQ(audit["cross_split"]["val-test"]["near"], 2);
}

TEST(Audit, NamesTheTwinsWithinValAndTest) {
  const Json audit = audit_images(
      nine_images(), {{7}, {0, 1, 1, 3}, {4, 4, 5, 6, 8, 8}}, nine_twins());
  EXPECT_EQ(audit["twin_groups"].dump(),
            R"({"val":[["image-0","image-1"]],)"
            R"("test":[["image-4","image-5","image-6"]]})");
}

TEST(Audit, KeysKeepTheirOrder) {
  const Json audit = audit_images(nine_images(), {{0}, {1}, {2}});
  std::vector<std::string> keys;
  for (const auto& [key, value] : audit.items()) keys.push_back(key);
  EXPECT_THAT(
      keys, ElementsAre("images", "fingerprint", "exact_duplicates",
                        "duplicate_groups", "conflict_groups",
                        "conflict_images", "blank_images", "bad_images",
                        "near_twin_pairs", "near_twin_images", "twin_redundant",
                        "twin_largest_group", "twin_conflict_groups",
                        "twin_conflict_images", "class_counts", "class_balance",
                        "cross_split", "twin_groups", "drift"));
}

}  // namespace
}  // namespace fer
