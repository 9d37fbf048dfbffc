// The twins of the real FER2013; skipped where it is absent. The known truths
// were counted in Python over the same decoded pixels; the figures of near
// twins are those of docs/audit.md.
#include <gtest/gtest.h>

#include <chrono>

#include "data/audit.h"
#include "data/clean_list.h"
#include "image_builder.h"

namespace fer {
namespace {

class Fer2013Twins : public testing::Test {
 protected:
  void SetUp() override {
    if (!real_data_folder())
      GTEST_SKIP() << "FERBENCH_DATA names no folder with fer2013.tar.gz";
  }
  static const ImageSet& all() {
    static const ImageSet images = load_fer2013({});
    return images;
  }
  static const Twins& twins() {
    static const Twins found = find_twins(all(), {});
    return found;
  }
};

TEST_F(Fer2013Twins, KnownTruthIsFoundAmongNearTwins) {
  Split split;
  for (size_t i = 0; i < all().size(); ++i) {
    const Usage usage = all().usage[i];
    auto& part = usage == Usage::kTraining     ? split.train
                 : usage == Usage::kPublicTest ? split.val
                                               : split.test;
    part.push_back(static_cast<int64_t>(i));
  }
  const auto start = std::chrono::steady_clock::now();
  const Json audit = audit_images(all(), split, twins());
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  RecordProperty("seconds", std::to_string(seconds.count()));
  EXPECT_EQ(audit["exact_duplicates"], 1853);
  EXPECT_EQ(audit["duplicate_groups"], 1516);
  EXPECT_EQ(audit["conflict_groups"], 57);
  EXPECT_EQ(audit["conflict_images"], 160);
  EXPECT_EQ(audit["blank_images"], 12);
  const Json& cross = audit["cross_split"];
  EXPECT_EQ(cross["train-test"]["exact"], 288);
  EXPECT_EQ(cross["train-val"]["exact"], 279);
  EXPECT_EQ(cross["val-test"]["exact"], 44);
  EXPECT_EQ(audit["twin_largest_group"], 34);
  EXPECT_NEAR(audit["near_twin_pairs"].get<double>(), 7400, 300);
  // Near twins leak far more than exact copies do.
  EXPECT_GT(cross["train-test"]["near"], 500);
}

TEST_F(Fer2013Twins, CleanListHoldsNoTwins) {
  const auto rows = clean_images(all(), twins());
  std::vector<int> kept(all().size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].reason == DropReason::kNone)
      ++kept[static_cast<size_t>(twins().group[i])];
  }
  EXPECT_LE(*std::ranges::max_element(kept), 1);
  EXPECT_GT(clean_counts(all(), rows)["kept"], 27000);
}

}  // namespace
}  // namespace fer
