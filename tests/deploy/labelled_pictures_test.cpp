#include "deploy/labelled_pictures.h"

#include <gmock/gmock.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> listed(const std::filesystem::path& folder) {
  std::vector<std::string> result;
  for (const LabelledPicture& picture : labelled_pictures(folder))
    result.push_back(picture.name + " " + picture.label);
  return result;
}

TEST(LabelledPictures, StandInATable) {
  TemporaryFolder folder;
  folder.write("labels.csv", "emotion,image\nsad,b.jpg\nhappy,a.jpg\n");
  folder.write("a.jpg", "x");
  folder.write("b.jpg", "x");
  EXPECT_THAT(listed(folder.path()), ElementsAre("a.jpg happy", "b.jpg sad"));
}

TEST(LabelledPictures, OrInASubFolderForEachEmotion) {
  TemporaryFolder folder;
  folder.write("sad/2.png", "x");
  folder.write("happy/1.jpg", "x");
  folder.write("happy/notes.txt", "x");
  EXPECT_THAT(listed(folder.path()),
              ElementsAre("happy/1.jpg happy", "sad/2.png sad"));
}

TEST(LabelledPictures, MustExist) {
  TemporaryFolder folder;
  const std::string path = folder.path().string();
  EXPECT_EQ(error_text([] { listed("nowhere"); }),
            "[validate] expected a folder; got no such folder (nowhere).");
  EXPECT_EQ(error_text([&] { listed(path); }),
            "[validate] expected labels.csv (image,emotion) or a sub-folder of "
            "pictures for each emotion; got neither (" +
                path + ").");
  folder.write("labels.csv", "image,emotion\ngone.jpg,sad\n");
  EXPECT_EQ(error_text([&] { listed(path); }),
            "[validate] expected the picture " + path +
                "/gone.jpg; got no such file (" + path +
                "/labels.csv). Mend the table.");
  folder.write("labels.csv", "file,emotion\ngone.jpg,sad\n");
  EXPECT_EQ(error_text([&] { listed(path); }),
            "[validate] expected the columns image and emotion; got file, "
            "emotion (" +
                path + "/labels.csv).");
}

TEST(LabelledPictures, HaveEmotionsForLabels) {
  TemporaryFolder folder;
  const std::string path = folder.path().string();
  folder.write("bored/1.jpg", "x");
  EXPECT_EQ(error_text([&] { listed(path); }),
            "[validate] expected an emotion as the label of bored/1.jpg, such "
            "as angry, happy or sad; got \"bored\" (" +
                path + "). Mend or remove it.");
  folder.write("a.jpg", "x");
  folder.write("labels.csv", "image,emotion\na.jpg,merry\n");
  EXPECT_THAT(error_text([&] { listed(path); }),
              HasSubstr("label of a.jpg, such as angry, happy or sad; got "
                        "\"merry\" (" +
                        path + "/labels.csv)"));
}

}  // namespace
}  // namespace fer
