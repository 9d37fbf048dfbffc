#include "data/file_tree.h"

#include <gmock/gmock.h>

#include <cstring>

#include "core/error.h"
#include "tree_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;

std::vector<std::string> ids_of(const std::filesystem::path& path) {
  std::vector<std::string> ids;
  const auto tree = open_file_tree(path);
  while (const auto file = tree->next()) ids.push_back(file->id);
  return ids;
}

TEST(PlaceOf, TakesTheClassFromTheFolderAndTheUsageFromThePrefix) {
  const auto place = place_of("test/happy/PublicTest_7.jpg");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->class_name, "happy");
  EXPECT_EQ(place->usage, Usage::kPublicTest);
  EXPECT_EQ(place->part, 2);
}

TEST(PlaceOf, TakesTheUsageFromAFolderWhereThePrefixSaysNothing) {
  EXPECT_EQ(place_of("train/sad/1.jpg")->usage, Usage::kTraining);
  EXPECT_EQ(place_of("Validation/sad/1.jpg")->usage, Usage::kPublicTest);
  EXPECT_EQ(place_of("images/val/sad/1.jpg")->usage, Usage::kPublicTest);
  EXPECT_EQ(place_of("images/val/sad/1.jpg")->part, 1);
  EXPECT_EQ(place_of("test/sad/1.jpg")->usage, Usage::kPrivateTest);
  EXPECT_EQ(place_of("sad/1.jpg")->usage, Usage::kNone);
  EXPECT_EQ(place_of("sad/Training_1.jpg")->usage, Usage::kTraining);
}

TEST(PlaceOf, IsNothingOutsideAClassFolder) {
  EXPECT_FALSE(place_of("1.jpg"));
  EXPECT_FALSE(place_of("train/1.jpg"));
  EXPECT_FALSE(place_of("../1.jpg"));
  EXPECT_FALSE(place_of("/1.jpg"));
}

TEST(IsImagePath, KnowsImagesByTheirEnding) {
  EXPECT_TRUE(is_image_path("happy/1.JPG"));
  EXPECT_TRUE(is_image_path("a.b/1.x.png"));
  EXPECT_TRUE(is_image_path("../happy/1.webp"));
  EXPECT_FALSE(is_image_path("happy/labels.csv"));
  EXPECT_FALSE(is_image_path("happy/jpg"));
}

TEST(IsImagePath, LeavesOutHiddenFilesAndMacOsForks) {
  EXPECT_FALSE(is_image_path("happy/._1.jpg"));
  EXPECT_FALSE(is_image_path(".git/happy/1.jpg"));
  EXPECT_FALSE(is_image_path("__MACOSX/happy/1.jpg"));
}

TEST(FileTree, ReadsADirectoryAndEveryKindOfArchiveAlike) {
  const TemporaryFolder folder;
  const Files files = {{"happy/a.png", png_of(1)},
                       {"readme.txt", "no image"},
                       {"sad/b.png", png_of(2)}};
  write_tree(folder / "tree", files);
  EXPECT_THAT(ids_of(folder / "tree"), ElementsAre("happy/a.png", "sad/b.png"));
  for (const char* name : {"a.tar", "a.tar.gz", "a.tgz", "a.zip"}) {
    write_archive(folder / name, files);
    const auto tree = open_file_tree(folder / name);
    const auto first = tree->next();
    ASSERT_TRUE(first) << name;
    EXPECT_EQ(first->id, "happy/a.png");
    EXPECT_EQ(std::memcmp(first->bytes.data(), files[0].second.data(),
                          files[0].second.size()),
              0);
    EXPECT_EQ(first->bytes.size(), files[0].second.size());
    EXPECT_EQ(tree->next()->id, "sad/b.png");
    EXPECT_FALSE(tree->next());
  }
}

TEST(FileTree, NamesMembersWithoutTheirLeadingDot) {
  const TemporaryFolder folder;
  write_archive(folder / "a.tar", {{"./happy/a.png", png_of(1)}});
  EXPECT_THAT(ids_of(folder / "a.tar"), ElementsAre("happy/a.png"));
}

TEST(FileTree, TreatsUnsafeNamesAsNames) {
  const TemporaryFolder folder;
  write_archive(folder / "a.tar", {{"../../happy/a.png", png_of(1)},
                                   {"/etc/sad/b.png", png_of(2)}});
  EXPECT_THAT(ids_of(folder / "a.tar"),
              ElementsAre("../../happy/a.png", "/etc/sad/b.png"));
}

TEST(FileTree, ReadsNonAsciiNamesFromAnyArchive) {
  const TemporaryFolder folder;
  for (const char* name : {"a.tar", "a.zip"}) {
    write_archive(folder / name, {{"glücklich/ä.png", png_of(1)}});
    EXPECT_THAT(ids_of(folder / name), ElementsAre("glücklich/ä.png"));
  }
}

TEST(FileTree, RefusesFilesOver64MiB) {
  const TemporaryFolder folder;
  const std::string large(kLargestFile + 1, '\0');
  const Files files = {{"happy/a.png", large}, {"happy/b.png", png_of(3)}};
  write_tree(folder / "tree", files);
  for (const char* name : {"tree", "a.tar.gz", "a.zip"}) {
    if (name != std::string("tree")) write_archive(folder / name, files);
    const auto tree = open_file_tree(folder / name);
    const auto file = tree->next();
    ASSERT_TRUE(file) << name;
    EXPECT_EQ(file->problem, "is larger than 64 MiB") << name;
    EXPECT_TRUE(file->bytes.empty());
    EXPECT_EQ(tree->next()->bytes.size(), files[1].second.size());
  }
}

TEST(FileTree, SaysThatALinkInAnArchiveIsNoFile) {
  const TemporaryFolder folder;
  const std::string path = (folder / "a.tar").string();
  archive* out = archive_write_new();
  archive_write_set_format_pax_restricted(out);
  archive_write_open_filename(out, path.c_str());
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "happy/a.png");
  archive_entry_set_filetype(entry, AE_IFLNK);
  archive_entry_set_symlink(entry, "/etc/passwd");
  archive_write_header(out, entry);
  archive_entry_free(entry);
  archive_write_close(out);
  archive_write_free(out);
  EXPECT_EQ(open_file_tree(path)->next()->problem,
            "is a link inside the archive, not a file");
}

TEST(FileTree, StopsAtALinkThatLeadsBackUp) {
  const TemporaryFolder folder;
  write_tree(folder / "tree", {{"happy/a.png", png_of(1)}});
  std::filesystem::create_directory_symlink(folder / "tree",
                                            folder / "tree" / "loop");
  EXPECT_THROW(open_file_tree(folder / "tree"), DataError);
}

}  // namespace
}  // namespace fer
