#include "deploy/picture_files.h"

#include <gmock/gmock.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using Kind = PictureFile::Kind;

std::vector<std::string> listed(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const PictureFile& file : picture_files(names))
    result.push_back(file.path.filename().string() +
                     (file.kind == Kind::kVideo           ? " video"
                      : file.kind == Kind::kStandardInput ? " input"
                                                          : ""));
  return result;
}

TEST(PictureFiles, OfAFolderAreItsPicturesAndVideosSorted) {
  TemporaryFolder folder;
  for (const char* name : {"b.JPG", "a/z.png", "c.mp4", "labels.csv", "d.txt"})
    folder.write(name, "x");
  EXPECT_THAT(listed({folder.path().string()}),
              ElementsAre("z.png", "b.JPG", "c.mp4 video"));
}

TEST(PictureFiles, ThatAreNamedAreTakenInTheirOrderWhateverTheirSuffix) {
  TemporaryFolder folder;
  const std::string text = folder.write("upload", "x").string();
  const std::string clip = folder.write("clip.avi", "x").string();
  EXPECT_THAT(listed({text, "-", clip}),
              ElementsAre("upload", "- input", "clip.avi video"));
}

TEST(PictureFiles, MustExist) {
  TemporaryFolder folder;
  EXPECT_EQ(error_text([] { listed({"nowhere.jpg"}); }),
            "[predict] expected a picture, a video or a folder; got no such "
            "file (nowhere.jpg).");
  EXPECT_EQ(error_text([&] { listed({folder.path().string()}); }),
            "[predict] expected pictures (jpg, png, bmp, webp) or videos; got "
            "a folder without any (" +
                folder.path().string() + ").");
  EXPECT_EQ(error_text([] {
              listed({"-", "-"});
            }),
            "[predict] expected - (standard input) once; got it twice.");
}

TEST(PictureFiles, PassOverALinkToItself) {
  TemporaryFolder folder;
  folder.write("a.jpg", "x");
  std::filesystem::create_symlink("b.jpg", folder / "b.jpg");
  EXPECT_THAT(listed({folder.path().string()}), ElementsAre("a.jpg"));
  EXPECT_THAT(error_text([] { listed({std::string(300, 'a')}); }),
              testing::HasSubstr("got no such file"));
}

TEST(ReadPicture, LooksAtTheSizeFirst) {
  TemporaryFolder folder;
  const PictureFile file{Kind::kPicture, folder.write("a.jpg", "12345")};
  EXPECT_EQ(read_picture(file, 5), "12345");
  EXPECT_EQ(error_text([&] { read_picture(file, 4); }),
            "[photo] expected at most 4 bytes; got 5. Make the picture "
            "smaller.");
}

}  // namespace
}  // namespace fer
