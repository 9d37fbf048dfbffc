#include "sweep/folder_lock.h"

#include <gmock/gmock.h>

#include <memory>

#include "core/temporary_folder.h"
#include "sweep/process_pool.h"

namespace fer {
namespace {

TEST(FolderLock, MakesTheFolder) {
  const TemporaryFolder folder;
  const FolderLock lock(folder / "runs");
  EXPECT_TRUE(std::filesystem::is_directory(folder / "runs"));
}

TEST(FolderLock, LetsNobodyElseIn) {
  const TemporaryFolder folder;
  const FolderLock lock(folder.path());
  EXPECT_EQ(error_text([&] { FolderLock other(folder.path(), 0.05); }),
            "[lock] expected a folder that nobody else works in; got one in "
            "use (" +
                folder.path().string() +
                "). Wait for the other ferbench, or name another folder with "
                "--out.");
}

TEST(FolderLock, IsFreeAfterwards) {
  const TemporaryFolder folder;
  { const FolderLock lock(folder.path()); }
  EXPECT_EQ(error_text([&] { FolderLock other(folder.path(), 0); }),
            "no error");
}

TEST(FolderLock, LastsAsLongAsChildrenRun) {
  const TemporaryFolder folder;
  ProcessPool pool({Slot{}});
  {
    const FolderLock lock(folder.path());
    pool.start({"a", {"/bin/sleep", "30"}, folder / "a.log"});
  }
  EXPECT_THAT(error_text([&] { FolderLock other(folder.path(), 0); }),
              testing::HasSubstr("nobody else works in"));
  pool.stop_all();
  EXPECT_EQ(error_text([&] { FolderLock other(folder.path(), 5); }),
            "no error");
}

TEST(FolderLock, SaysWhyAFolderCannotBeUsed) {
  const TemporaryFolder folder;
  folder.write("file", "");
  EXPECT_THAT(error_text([&] { FolderLock lock(folder / "file"); }),
              testing::HasSubstr("[lock] expected a folder that can be "
                                 "written; got 'Not a directory' ("));
}

}  // namespace
}  // namespace fer
