// The split protocols on the real FER2013; skipped where it is absent.
// Truths: counted in Python over the same decoded pixels
// (tests/reference/report_split_ids.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/hash.h"
#include "data/audit.h"
#include "data/duplicates.h"
#include "data/split.h"
#include "split_builder.h"

namespace fer {
namespace {

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

DataConfig settings(Protocol protocol, bool drop = false) {
  DataConfig config;
  config.split.protocol = protocol;
  config.split.drop_duplicates = drop;
  config.source = SourceKind::kFolder;
  // Twins are searched once, then kept here.
  config.cache = std::filesystem::temp_directory_path() / "ferbench-test-cache";
  return config;
}

Split deal(const ImageSet& images, Protocol protocol, bool drop = false) {
  return make_split(images, settings(protocol, drop));
}

Rows twin_groups(const ImageSet& images) {
  return cached_twins(images, settings(Protocol::kClean)).group;
}

// Each class's number in `rows` is `share` of that in `all` to within one.
void expect_fair(const ImageSet& images, const Rows& rows, const Rows& all,
                 double share) {
  auto counts = label_counts(images, rows), totals = label_counts(images, all);
  for (const auto& [label, total] : totals) {
    const double fair = static_cast<double>(total) * share;
    EXPECT_LT(std::abs(static_cast<double>(counts[label]) - fair), 1.0);
  }
}

void expect_fair(const ImageSet& images, const Rows& rows, const Rows& all) {
  expect_fair(
      images, rows, all,
      static_cast<double>(rows.size()) / static_cast<double>(all.size()));
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

TEST_F(Fer2013, FoldersSplitTestsAllOfTestAndLeaksAsMuchAsBothOfficialParts) {
  DataConfig config = settings(Protocol::kFolders);
  config.split.group_duplicates = false;
  Split split = make_split(all(), config);
  EXPECT_EQ(split.test.size(), 7178u);
  EXPECT_EQ(split.val.size(), 2871u);  // ceil(2870.9)
  EXPECT_EQ(split.train.size(), 25838u);
  // 288 of PrivateTest and 279 of PublicTest, some of them by way of
  // validation.
  const auto leaking = [&] {
    return audit_images(all(), split)["cross_split"]["train-test"]["exact"]
        .get<int>();
  };
  EXPECT_LT(leaking(), 567);
  split.train.insert(split.train.end(), split.val.begin(), split.val.end());
  EXPECT_EQ(leaking(), 567);
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
  EXPECT_EQ(all_rows(split), count_rows(images.size()));
  for (const char* name : {"val", "test"}) {
    EXPECT_EQ(split.rows(name).size(), 3589u);  // ceil(3588.7)
    expect_fair(images, split.rows(name), all_rows(split));
  }
  EXPECT_FALSE(cuts_a_group(twin_groups(images), split));
}

TEST_F(Fer2013, CleanSplitHasNoTwinsBlanksOrContradictions) {
  const ImageSet& images = all();
  const Split split = deal(images, Protocol::kClean);
  const Rows rows = all_rows(split), group = twin_groups(images);
  EXPECT_FALSE(cuts_a_group(group, split));
  std::map<int64_t, std::set<int64_t>> labels;
  for (const int64_t row : rows) {
    EXPECT_FALSE(is_blank(images, static_cast<size_t>(row)));
    labels[group[static_cast<size_t>(row)]].insert(label_of(images, row));
  }
  for (const auto& [number, of_group] : labels) EXPECT_EQ(of_group.size(), 1u);
  // At least the 160 contradicting copies and the 12 blank images are gone; a
  // few blank ones may be among the former.
  EXPECT_LE(rows.size(), 35887u - 160);
  EXPECT_GT(rows.size(), 33000u);
  for (const char* name : {"val", "test"}) {
    EXPECT_EQ(split.rows(name).size(), (rows.size() + 9) / 10);
    expect_fair(images, split.rows(name), rows);
  }
  const Json audit = audit_images(images, split);
  for (const char* pair : {"train-test", "train-val", "val-test"})
    EXPECT_EQ(audit["cross_split"][pair]["exact"], 0);
}

TEST_F(Fer2013, OfficialCleanSplitKeepsTheTestAndCutsNoGroup) {
  const ImageSet& images = all();
  const Split official = deal(images, Protocol::kOfficial);
  const Split clean = deal(images, Protocol::kOfficialClean);
  EXPECT_EQ(clean.test, official.test);
  EXPECT_FALSE(cuts_a_group(twin_groups(images), clean));
  // Of exact copies alone 44 PrivateTest images have one in PublicTest, and 387
  // training images stand in PrivateTest; near twins come on top.
  EXPECT_LE(clean.val.size(), 3589u - 40);
  EXPECT_LE(clean.train.size(), 28709u - 387);
  EXPECT_GT(clean.val.size(), 3200u);
  EXPECT_GT(clean.train.size(), 25000u);
  const Json audit = audit_images(images, clean);
  for (const char* pair : {"train-test", "train-val", "val-test"})
    EXPECT_EQ(audit["cross_split"][pair]["exact"], 0);
}

TEST_F(Fer2013, KfoldTestsEveryImageOfTheCleanSplitOnce) {
  const ImageSet& images = all();
  const Rows group = twin_groups(images);
  const Rows clean = all_rows(deal(images, Protocol::kClean));
  DataConfig config = settings(Protocol::kKfold);
  Rows tested;
  for (int& fold = config.split.fold; fold < config.split.folds; ++fold) {
    const Split split = make_split(images, config);
    EXPECT_FALSE(cuts_a_group(group, split));
    EXPECT_EQ(all_rows(split), clean);
    // Of every class a fifth: a fold's size is the sum of these.
    expect_fair(images, split.test, clean, 1.0 / config.split.folds);
    tested.insert(tested.end(), split.test.begin(), split.test.end());
  }
  std::ranges::sort(tested);
  EXPECT_EQ(tested, clean);
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
