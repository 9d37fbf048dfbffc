#include "data/clean_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.h"
#include "image_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// 0 1: copies, one label. 2 3: near twins, one label. 4 5: near twins, two
// labels. 6: blank. 7: alone.
ImageSet eight_images() {
  ImageSet images = build_images({0, 0, 1, 1, 0, 1, 0, 1},
                                 {0, 0, 1, 2, 3, 4, -1, 5}, {"happy", "sad"});
  images.fingerprint = "f1";
  images.bad = {{"b,ad.jpg", "not an image"}};
  return images;
}

Twins eight_twins() {
  Twins twins = exact_twins(eight_images());
  add_near_twins(twins, {{2, 3, 0.97f}, {4, 5, 0.96f}});
  return twins;
}

constexpr const char* kText =
    "id,kept,reason,twin_of,fingerprint\n"
    "image-0,1,,,f1\n"
    "image-1,0,exact_duplicate,image-0,\n"
    "image-2,1,,,\n"
    "image-3,0,near_twin,image-2,\n"
    "image-4,0,conflicting_labels,,\n"
    "image-5,0,conflicting_labels,image-4,\n"
    "image-6,0,blank,,\n"
    "image-7,1,,,\n"
    "\"b,ad.jpg\",0,bad,,\n";

class CleanList : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_ / "kept.csv"; }
  /// What is said of a table after a change.
  std::string error_after(const std::string& from, const std::string& to) {
    std::string text = kText;
    text.replace(text.find(from), from.size(), to);
    write_file(path(), text);
    return error_text([&] { read_kept(path(), images_); });
  }

  TemporaryFolder folder_;
  ImageSet images_ = eight_images();
};

TEST_F(CleanList, NamesEveryImageAndWhyItGoes) {
  write_clean_list(path(), images_, clean_images(images_, eight_twins()));
  EXPECT_EQ(read_file(path()), kText);
}

TEST_F(CleanList, KeepsTheImageThatIsTestedLast) {
  images_.usage[0] = images_.usage[2] = Usage::kTraining;
  images_.usage[1] = Usage::kPublicTest;
  images_.usage[3] = Usage::kPrivateTest;
  const auto rows = clean_images(images_, eight_twins());
  EXPECT_EQ(rows[0].reason, DropReason::kExactDuplicate);
  EXPECT_EQ(rows[0].twin_of, 1);
  EXPECT_EQ(rows[1].reason, DropReason::kNone);
  EXPECT_EQ(rows[2].reason, DropReason::kNearTwin);
  EXPECT_EQ(rows[2].twin_of, 3);
}

TEST_F(CleanList, CountsTheReasons) {
  EXPECT_EQ(clean_counts(images_, clean_images(images_, eight_twins())).dump(),
            R"({"images":8,"kept":3,"exact_duplicate":1,"near_twin":1,)"
            R"("conflicting_labels":2,"blank":1,"bad":1})");
}

TEST_F(CleanList, IsReadBackAsWritten) {
  write_file(path(), kText);
  EXPECT_THAT(read_kept(path(), images_),
              ElementsAre(true, false, true, false, false, false, false, true));
}

TEST_F(CleanList, MayBeChangedByHandAndReordered) {
  write_file(path(),
             "fingerprint,kept,id,reason\nf1,0,image-7,ugly\n,1,image-0,\n"
             ",1,image-1,\n,1,image-2,\n,1,image-3,\n,1,image-4,\n"
             ",1,image-5,\n,0,image-6,\n");
  EXPECT_THAT(read_kept(path(), images_),
              ElementsAre(true, true, true, true, true, true, false, false));
}

TEST_F(CleanList, OfOtherImagesIsRefused) {
  EXPECT_EQ(error_after(",f1\n", ",f2\n"),
            "[clean list] expected the list of these images, fingerprint f1; "
            "got f2 (" +
                path().string() + "). Make it again: `ferbench data clean`.");
  EXPECT_THAT(error_after(",f1\n", ",\n"), HasSubstr("got none ("));
}

TEST_F(CleanList, WithWrongIdsIsRefused) {
  EXPECT_THAT(error_after("image-7", "image-9"),
              StartsWith("[clean list] expected ids of these images; got the "
                         "unknown id 'image-9' ("));
  EXPECT_THAT(error_after("image-7", "image-2"),
              StartsWith("[clean list] expected each id once; got 'image-2' "
                         "twice ("));
  EXPECT_THAT(error_after("image-3,0,near_twin,image-2,\n", ""),
              StartsWith("[clean list] expected a line for each of 8 images; "
                         "got 7 lines, none for 'image-3' ("));
}

TEST_F(CleanList, WithWrongVerdictsIsRefused) {
  EXPECT_THAT(error_after("image-7,1", "image-7,yes"),
              StartsWith("[clean list] expected kept to be 0 or 1; got 'yes' "
                         "for image-7 ("));
  std::string none = kText;
  for (size_t at; (at = none.find(",1,")) != std::string::npos;)
    none[at + 1] = '0';
  write_file(path(), none);
  EXPECT_THAT(error_text([&] { read_kept(path(), images_); }),
              StartsWith("[clean list] expected images to keep; got none ("));
}

TEST_F(CleanList, WithoutItsColumnsIsRefused) {
  EXPECT_THAT(error_after("id,kept,reason", "id,keep,reason"),
              HasSubstr("kept"));
  EXPECT_THAT(error_after("twin_of,fingerprint", "twin_of,finger"),
              HasSubstr("fingerprint"));
  write_file(path(), "");
  EXPECT_NE(error_text([&] { read_kept(path(), images_); }), "no error");
}

}  // namespace
}  // namespace fer
