#include <gmock/gmock.h>

#include "core/error.h"
#include "tree_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const Files& small_tree() {
  static const Files files = {{"test/happy/PrivateTest_1.png", png_of(10)},
                              {"test/angry/PublicTest_2.png", png_of(20)},
                              {"train/sad/Training_3.png", png_of(30)},
                              {"train/happy/Training_5.png", png_of(50)},
                              {"train/happy/Training_4.png", png_of(40)}};
  return files;
}

class FolderSource : public testing::Test {
 protected:
  void SetUp() override { write_archive(folder_ / "a.tar.gz", small_tree()); }

  DataConfig config() const { return folder_config(folder_ / "a.tar.gz"); }

  TemporaryFolder folder_;
};

TEST_F(FolderSource, SortsByFolderThenLabelThenPath) {
  const ImageSet images = load_images(config(), true);
  EXPECT_THAT(images.class_names, ElementsAre("angry", "happy", "sad"));
  EXPECT_THAT(
      images.ids,
      ElementsAre("train/happy/Training_4.png", "train/happy/Training_5.png",
                  "train/sad/Training_3.png", "test/angry/PublicTest_2.png",
                  "test/happy/PrivateTest_1.png"));
  EXPECT_THAT(images.labels, ElementsAre(1, 1, 2, 0, 1));
  EXPECT_THAT(first_bytes(images), ElementsAre(40, 50, 30, 20, 10));
  EXPECT_THAT(images.usage,
              ElementsAre(Usage::kTraining, Usage::kTraining, Usage::kTraining,
                          Usage::kPublicTest, Usage::kPrivateTest));
}

TEST_F(FolderSource, GivesTheSameSetFromADirectoryAndFromArchives) {
  const std::string fingerprint = load_images(config(), true).fingerprint;
  EXPECT_EQ(fingerprint.size(), 64u);
  write_tree(folder_ / "tree", small_tree());
  EXPECT_EQ(load_images(folder_config(folder_ / "tree"), true).fingerprint,
            fingerprint);
  write_archive(folder_ / "a.zip", small_tree());
  EXPECT_EQ(load_images(folder_config(folder_ / "a.zip"), true).fingerprint,
            fingerprint);
}

TEST_F(FolderSource, SelectsClassesInTheOrderOfTheSetting) {
  DataConfig settings = config();
  settings.classes = {"sad", "happy"};
  const ImageSet images = load_images(settings, true);
  EXPECT_THAT(images.class_names, ElementsAre("sad", "happy"));
  EXPECT_THAT(images.labels, ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(first_bytes(images), ElementsAre(30, 40, 50, 10));
}

TEST_F(FolderSource, RelabelsBeforeItSelects) {
  DataConfig settings = config();
  settings.relabel = {{"angry", "negative"}, {"sad", "negative"}};
  settings.classes = {"happy", "negative"};
  const ImageSet images = load_images(settings, true);
  EXPECT_THAT(images.labels, ElementsAre(0, 0, 1, 0, 1));
  EXPECT_THAT(first_bytes(images), ElementsAre(40, 50, 30, 10, 20));
}

TEST_F(FolderSource, RepeatsGrayForThreeChannelsAsPlanes) {
  Image two{8, 8, 3, {}};
  for (int i = 0; i < 64; ++i) two.pixels.insert(two.pixels.end(), {1, 2, 3});
  const auto png = encode_png(two);
  write_archive(folder_ / "rgb.tar",
                {{"happy/a.png",
                  {reinterpret_cast<const char*>(png.data()), png.size()}}});
  DataConfig settings = folder_config(folder_ / "rgb.tar");
  settings.channels = 3;
  const ImageSet images = load_images(settings, true);
  const auto image = images.image(0);
  ASSERT_EQ(image.size(), 192u);
  EXPECT_EQ(image[0], 1);
  EXPECT_EQ(image[63], 1);
  EXPECT_EQ(image[64], 2);
  EXPECT_EQ(image[128], 3);
}

TEST_F(FolderSource, ResizesToTheSetting) {
  DataConfig settings = config();
  settings.image_size = 16;
  const ImageSet images = load_images(settings, true);
  EXPECT_EQ(images.height, 16u);
  EXPECT_EQ(images.width, 16u);
  EXPECT_EQ(images.image(0)[255], 40);
}

TEST_F(FolderSource, ListsTheClassesAndTheNearestForAnUnknownOne) {
  DataConfig settings = config();
  settings.classes = {"hapy", "sad"};
  EXPECT_EQ(load_error(settings),
            fmt::format("[data] expected data.classes to name classes of the "
                        "source; got 'hapy', and there are angry, happy, sad "
                        "({}). Did you mean 'happy'?",
                        settings.path.string()));
  settings.classes.clear();
  settings.relabel = {{"contempt", "angry"}};
  EXPECT_THAT(load_error(settings),
              StartsWith("[data] expected data.relabel to name classes of the "
                         "source; got 'contempt', and there are angry, happy, "
                         "sad"));
}

TEST_F(FolderSource, RefusesAClassNamedTwice) {
  DataConfig settings = config();
  settings.classes = {"sad", "sad"};
  EXPECT_EQ(load_error(settings),
            "[data] expected data.classes to name a class once; got 'sad' "
            "twice. Remove one.");
}

TEST_F(FolderSource, NamesABadImageWithItsPathAndReason) {
  Files files = small_tree();
  files.push_back({"train/sad/Training_9.jpg", "text"});
  write_archive(folder_ / "bad.zip", files);
  DataConfig settings = folder_config(folder_ / "bad.zip");
  EXPECT_EQ(load_error(settings),
            fmt::format("[data] expected an image; got "
                        "'train/sad/Training_9.jpg', which cannot be used: "
                        "[vision] expected an image; got 4 bytes in no known "
                        "format, or damaged. ({}). Remove it, or set "
                        "data.on_bad_image: skip.",
                        settings.path.string()));
}

TEST_F(FolderSource, SkipsBadImagesWhereAllowedAndListsThem) {
  Files files = small_tree();
  files.push_back({"train/sad/b.jpg", ""});
  files.push_back({"train/happy/a.jpg", "text"});
  write_archive(folder_ / "bad.tar", files);
  DataConfig settings = folder_config(folder_ / "bad.tar");
  settings.on_bad_image = OnBadImage::kSkip;
  const ImageSet images = load_images(settings, true);
  EXPECT_EQ(images.size(), 5u);
  ASSERT_EQ(images.bad.size(), 2u);
  EXPECT_EQ(images.bad[0].id, "train/happy/a.jpg");
  EXPECT_EQ(images.bad[1].id, "train/sad/b.jpg");
  EXPECT_EQ(images.bad[1].reason,
            "[vision] expected an image; got an empty file.");
}

TEST_F(FolderSource, RefusesTwoImagesWithOnePath) {
  Files files = small_tree();
  files.push_back(files.front());
  write_archive(folder_ / "twice.tar", files);
  const DataConfig settings = folder_config(folder_ / "twice.tar");
  EXPECT_EQ(load_error(settings),
            fmt::format("[data] expected every image to have its own path; got "
                        "'test/happy/PrivateTest_1.png' twice ({}). Remove "
                        "one.",
                        settings.path.string()));
}

TEST_F(FolderSource, RefusesAnImageOutsideAnyClassFolder) {
  write_archive(folder_ / "flat.tar", {{"train/1.png", png_of(1)}});
  const DataConfig settings = folder_config(folder_ / "flat.tar");
  EXPECT_EQ(load_error(settings),
            fmt::format("[data] expected every image in a class folder; got "
                        "'train/1.png' ({}). Move it into one, as in "
                        "train/happy/.",
                        settings.path.string()));
}

TEST_F(FolderSource, SaysThatATreeHoldsNoImages) {
  write_archive(folder_ / "none.tar", {{"happy/readme.txt", "x"}});
  const DataConfig settings = folder_config(folder_ / "none.tar");
  EXPECT_EQ(load_error(settings),
            fmt::format("[data] expected images in class folders; got none "
                        "({}). Check data.path and data.source.",
                        settings.path.string()));
}

TEST_F(FolderSource, SaysThatAnArchiveIsCutOff) {
  // Bytes that do not compress, so that half the file is half the members.
  Files files;
  uint32_t x = 1;
  for (int i = 0; i < 20; ++i) {
    std::string noise;
    while (noise.size() < 40000)
      noise += static_cast<char>((x = x * 1664525u + 1013904223u) >> 24);
    files.push_back({fmt::format("happy/{}.png", 10 + i), png_of(7) + noise});
  }
  write_archive(folder_ / "tiny.tar.gz", small_tree());
  std::filesystem::resize_file(folder_ / "tiny.tar.gz", 100);
  EXPECT_THAT(load_error(folder_config(folder_ / "tiny.tar.gz")),
              StartsWith("[data] expected a whole archive; got 'truncated gzip "
                         "input' after 0 images"));
  for (const char* name : {"cut.tar", "cut.tar.gz", "cut.zip"}) {
    write_archive(folder_ / name, files);
    std::filesystem::resize_file(
        folder_ / name, std::filesystem::file_size(folder_ / name) / 2);
    const std::string text = load_error(folder_config(folder_ / name));
    EXPECT_THAT(text, StartsWith("[data] expected a whole archive; got '"));
    EXPECT_THAT(text, HasSubstr(name));
    EXPECT_THAT(text, HasSubstr("Copy or download it again."));
  }
}

TEST_F(FolderSource, SaysThatAFileIsNoArchive) {
  write_file(folder_ / "a.txt", "some text that is no archive");
  EXPECT_EQ(load_error(folder_config(folder_ / "a.txt")),
            fmt::format("[data] expected a directory or a .tar, .tar.gz, .tgz "
                        "or .zip archive; got 'Unrecognized archive format' "
                        "({}). Check data.path and data.source.",
                        (folder_ / "a.txt").string()));
}

TEST_F(FolderSource, SaysThatNothingIsAtThePath) {
  EXPECT_EQ(load_error(folder_config(folder_ / "nowhere")),
            fmt::format("[data] expected a file or directory at data.path; got "
                        "nothing there ('{}'). Check the path, or set "
                        "FERBENCH_DATA to the data folder.",
                        (folder_ / "nowhere").string()));
}

TEST_F(FolderSource, RefusesTwoChannels) {
  DataConfig settings = config();
  settings.channels = 2;
  EXPECT_EQ(load_error(settings),
            "[data] expected data.channels to be 1 (gray) or 3 (RGB); got 2.");
}

TEST_F(FolderSource, RefusesAClassThatIsNoUtf8) {
  write_tree(folder_ / "tree", {{"d\xE9gout/a.png", png_of(1)}});
  EXPECT_THAT(load_error(folder_config(folder_ / "tree")),
              StartsWith("[data] expected class folders named in UTF-8; got"));
}

}  // namespace
}  // namespace fer
