// The split protocols on the real FER2013; skipped where it is absent.
// Truths: counted in Python over the same decoded pixels
// (tests/reference/report_split_ids.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/hash.h"
#include "data/audit.h"
#include "data/duplicates.h"
#include "data/split.h"
#include "image_builder.h"

namespace fer {
namespace {

using Rows = std::vector<int64_t>;

class Fer2013 : public testing::Test {
 protected:
  void SetUp() override {
    if (!real_data_folder())
      GTEST_SKIP() << "FERBENCH_DATA names no folder with fer2013.tar.gz";
  }
  static const ImageSet& all() {
    static const ImageSet images = load_fer2013({});
    return images;
  }
  static const ImageSet& two() {
    static const ImageSet images = load_fer2013({"happy", "sad"});
    return images;
  }
};

Split deal(const ImageSet& images, Protocol protocol, bool drop = false) {
  SplitConfig config;
  config.protocol = protocol;
  config.drop_duplicates = drop;
  return make_split(images, config);
}

TEST_F(Fer2013, ReportSplitEqualsScikitLearnImageForImage) {
  const ImageSet& images = two();
  ASSERT_EQ(images.size(), 15066u);
  const Split split = deal(images, Protocol::kReport);
  EXPECT_EQ(split.train.size(), 14562u);
  EXPECT_EQ(split.val.size(), 1618u);
  EXPECT_EQ(split.test.size(), 1798u);
  const auto digest_of_ids = [&](const Rows& rows) {
    Sha256 hash;
    for (const int64_t row : rows)
      hash.update(images.ids[static_cast<size_t>(row)] + "\n");
    return hash.hex();
  };
  EXPECT_EQ(digest_of_ids(split.train),
            "d3279cf9fb60164dff0c6c66dd63aca8af79bcd27b935262df16c84e5e569d0b");
  EXPECT_EQ(digest_of_ids(split.val),
            "31a5b1109fac17ef1d545b7acfa28a8d48184d9b5a45673e614aeafdd302fb8c");
  EXPECT_EQ(digest_of_ids(split.test),
            "da00b93189b431b1b41d7fe5b20adcd424f8e0b0af2cb8d0309ea66b602e85e9");
}

TEST_F(Fer2013, ReportSplitLeaks) {
  const Json audit = audit_images(two(), deal(two(), Protocol::kReport));
  const Json& leak = audit["cross_split"]["train-test"];
  EXPECT_EQ(audit["class_counts"]["train"]["sad"], 7266);
  EXPECT_EQ(audit["class_counts"]["test"]["sad"], 897);
  // 646 of the 897 sad rows are resampled copies; the rest of the leak is
  // FER2013's own duplicates.
  EXPECT_EQ(leak["exact"], 675);
  EXPECT_EQ(audit["cross_split"]["train-val"]["exact"], 624);
  EXPECT_EQ(audit["cross_split"]["val-test"]["exact"], 114);
  EXPECT_DOUBLE_EQ(leak["share"].get<double>(), 675.0 / 1798);
}

TEST_F(Fer2013, AuditFindsEveryDuplicateConflictAndBlank) {
  ASSERT_EQ(all().size(), 35887u);
  const Json audit = audit_images(all(), deal(all(), Protocol::kOfficial));
  EXPECT_EQ(audit["exact_duplicates"], 1853);
  EXPECT_EQ(audit["duplicate_groups"], 1516);
  EXPECT_EQ(audit["conflict_groups"], 57);
  EXPECT_EQ(audit["conflict_images"], 160);
  EXPECT_EQ(audit["blank_images"], 12);
}

TEST_F(Fer2013, OfficialSplitHasTheKnownSizesAndLeaks) {
  const Split split = deal(all(), Protocol::kOfficial);
  EXPECT_EQ(split.train.size(), 28709u);
  EXPECT_EQ(split.val.size(), 3589u);
  EXPECT_EQ(split.test.size(), 3589u);
  const Json audit = audit_images(all(), split);
  EXPECT_EQ(audit["cross_split"]["train-test"]["exact"], 288);
  EXPECT_EQ(audit["cross_split"]["train-val"]["exact"], 279);
  EXPECT_EQ(audit["cross_split"]["val-test"]["exact"], 44);
  EXPECT_EQ(audit["class_counts"]["test"]["happy"], 879);
  EXPECT_EQ(audit["class_counts"]["train"]["disgust"], 436);
}

TEST_F(Fer2013, OfficialSplitWithoutDuplicatesHasNoCrossSplitCopies) {
  const Split split = deal(all(), Protocol::kOfficial, /*drop=*/true);
  const Json audit = audit_images(all(), split);
  EXPECT_EQ(audit["cross_split"]["train-test"]["exact"], 0);
  EXPECT_EQ(audit["cross_split"]["train-val"]["exact"], 0);
  EXPECT_EQ(audit["cross_split"]["val-test"]["exact"], 0);
  // 34,034 distinct images, of which 57 groups have two labels.
  EXPECT_EQ(split.train.size() + split.val.size() + split.test.size(), 33977u);
}

TEST_F(Fer2013, RandomSplitIsDisjointStratifiedAndCutsNoGroup) {
  const ImageSet& images = all();
  const Split split = deal(images, Protocol::kRandom);
  std::set<int64_t> seen;
  std::map<int64_t, std::set<char>> parts;
  const auto first = first_copies(images);
  Rows totals(7);
  for (const int64_t label : images.labels)
    ++totals[static_cast<size_t>(label)];
  for (const char* name : {"train", "val", "test"}) {
    Rows counts(7);
    for (const int64_t row : split.rows(name)) {
      EXPECT_TRUE(seen.insert(row).second);
      parts[first[static_cast<size_t>(row)]].insert(name[0]);
      ++counts[static_cast<size_t>(images.labels[static_cast<size_t>(row)])];
    }
    if (std::string(name) == "train") continue;
    EXPECT_EQ(split.rows(name).size(), 3589u);  // ceil(3588.7)
    for (size_t c = 0; c < 7; ++c) {
      EXPECT_LT(std::abs(static_cast<double>(counts[c]) -
                         static_cast<double>(totals[c]) * 3589 / 35887),
                1.0);
    }
  }
  EXPECT_EQ(seen.size(), images.size());
  EXPECT_TRUE(std::ranges::all_of(
      parts, [](const auto& part) { return part.second.size() == 1; }));
}

TEST_F(Fer2013, RandomSplitWithoutDuplicatesOfHappyAndSad) {
  const Split split = deal(two(), Protocol::kRandom, /*drop=*/true);
  const Json audit = audit_images(two(), split);
  EXPECT_EQ(audit["cross_split"]["train-test"]["exact"], 0);
  EXPECT_EQ(audit["cross_split"]["train-val"]["exact"], 0);
  EXPECT_EQ(split.train.size(), 11784u);
  EXPECT_EQ(split.val.size(), 1474u);
  EXPECT_EQ(split.test.size(), 1474u);
}

}  // namespace
}  // namespace fer
