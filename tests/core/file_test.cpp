#include "core/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "core/error.h"
#include "temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

size_t files_in(const fs::path& folder) {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

class Files : public testing::Test {
 protected:
  TemporaryFolder folder_;
  fs::path path_ = folder_.path() / "file.bin";
};

TEST_F(Files, WhatIsWrittenReadsBack) {
  const std::string bytes("a\0\r\n\xff", 5);
  write_file(path_, bytes);
  EXPECT_EQ(read_file(path_), bytes);
  write_file(path_, "");
  EXPECT_EQ(read_file(path_), "");
}

TEST_F(Files, WritingMakesMissingFolders) {
  write_file(folder_.path() / "a" / "b" / "c.txt", "x");
  EXPECT_EQ(read_file(folder_.path() / "a" / "b" / "c.txt"), "x");
}

TEST_F(Files, ReadingNamesTheReasonAndThePath) {
  EXPECT_EQ(error_text([&] { read_file(path_); }),
            "[file] expected a readable file; got 'No such file or directory' "
            "(" +
                path_.string() + "). Check the path.");
  EXPECT_EQ(error_text([&] { read_file(folder_.path()); }),
            "[file] expected a readable file; got 'Is a directory' (" +
                folder_.path().string() + "). Check the path.");
}

TEST_F(Files, APipeCanBeRead) {
  EXPECT_THAT(read_file("/proc/self/status"), HasSubstr("Name:"));
}

TEST_F(Files, WithoutCommitTheOldFileStands) {
  write_file(path_, "old");
  {
    AtomicFile file(path_);
    file.write("new");
  }
  EXPECT_EQ(read_file(path_), "old");
  EXPECT_EQ(files_in(folder_.path()), 1u);  // no temporary file is left
}

TEST_F(Files, CommitPutsAllPiecesInPlaceAtOnce) {
  write_file(path_, "old");
  AtomicFile file(path_);
  file.write("one ");
  file.write("two");
  EXPECT_EQ(read_file(path_), "old");
  file.commit();
  EXPECT_EQ(read_file(path_), "one two");
  EXPECT_EQ(files_in(folder_.path()), 1u);
}

TEST_F(Files, TwoWritersOfOneFileDoNotMix) {
  AtomicFile first(path_), second(path_);
  first.write("first");
  second.write("second, longer");
  first.commit();
  EXPECT_EQ(read_file(path_), "first");
  second.commit();
  EXPECT_EQ(read_file(path_), "second, longer");
}

TEST_F(Files, AFullDiskLeavesTheOldFile) {
  write_file(path_, "old");
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{16, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);  // stands in for a full disk
  const std::string text =
      error_text([&] { write_file(path_, std::string(1000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(text,
            "[file] expected to write a file; got 'File too large' (" +
                path_.string() +
                "). Free some space or check the permissions; the old file, "
                "if any, is unharmed.");
  EXPECT_EQ(read_file(path_), "old");
  EXPECT_EQ(files_in(folder_.path()), 1u);
}

TEST_F(Files, AFolderInTheWayIsAnError) {
  fs::create_directory(path_);
  EXPECT_EQ(error_text([&] { write_file(path_, "x"); }),
            "[file] expected to put in place a file; got 'Is a directory' (" +
                path_.string() +
                "). Free some space or check the permissions; the old file, "
                "if any, is unharmed.");
  EXPECT_EQ(files_in(folder_.path()), 1u);
}

TEST_F(Files, AFileWhereAFolderIsNeededIsAnError) {
  write_file(path_, "x");
  EXPECT_EQ(error_text([&] { write_file(path_ / "below", "x"); }),
            "[file] expected a folder that can be made; got 'Not a directory' "
            "(" +
                path_.string() + "). Check the path and its permissions.");
}

TEST_F(Files, AppendedLinesStandOneUnderTheOther) {
  append_line(path_, "one");
  append_line(path_, "two");
  EXPECT_EQ(read_file(path_), "one\ntwo\n");
}

TEST_F(Files, AppendingNamesTheReason) {
  EXPECT_EQ(error_text([&] { append_line(folder_.path() / "no" / "x", "a"); }),
            "[file] expected to append a line; got 'No such file or "
            "directory' (" +
                (folder_.path() / "no" / "x").string() +
                "). Free some space or check the permissions.");
}

TEST_F(Files, AMappedFileShowsItsBytes) {
  write_file(path_, "mapped");
  const MappedFile file(path_);
  ASSERT_EQ(file.bytes().size(), 6u);
  EXPECT_EQ(static_cast<char>(file.bytes()[0]), 'm');
  // The mapping outlives the name.
  fs::remove(path_);
  EXPECT_EQ(static_cast<char>(file.bytes()[5]), 'd');
}

TEST_F(Files, AnEmptyFileMapsToNoBytes) {
  write_file(path_, "");
  EXPECT_TRUE(MappedFile(path_).bytes().empty());
}

TEST_F(Files, MappingNamesTheReason) {
  EXPECT_EQ(error_text([&] { MappedFile file(path_); }),
            "[file] expected a readable file; got 'No such file or directory' "
            "(" +
                path_.string() + "). Check the path.");
  EXPECT_EQ(error_text([&] { MappedFile file(folder_.path()); }),
            "[file] expected a readable file; got 'Is a directory' (" +
                folder_.path().string() + "). Check the path.");
}

TEST_F(Files, LinksStayAndPipesAreRefused) {
  write_file(path_, "old");
  fs::create_symlink(path_, folder_ / "link");
  write_file(folder_ / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_file(path_), "new");
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(error_text([&] { write_file(pipe, "x"); }),
            "[file] expected a file that can be replaced; got a device or "
            "pipe (" +
                pipe.string() + "). Name a file.");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST(Fail, FormatsTheMessageOfTheErrorItThrows) {
  EXPECT_THROW(fail<ConfigError>("x"), ConfigError);
  EXPECT_THROW(fail("x"), Error);
  EXPECT_EQ(error_text([] { fail<DataError>("[pack] got {}.", 3); }),
            "[pack] got 3.");
}

}  // namespace
}  // namespace fer
