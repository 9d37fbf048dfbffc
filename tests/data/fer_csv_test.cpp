#include "data/fer_csv.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "tree_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;

class FerCsv : public testing::Test {
 protected:
  DataConfig write(const std::string& text) {
    write_file(folder_ / "fer.csv", text);
    DataConfig config = folder_config(folder_ / "fer.csv");
    config.source = SourceKind::kFerCsv;
    return config;
  }

  /// The message for a table with this one row.
  std::string row_error(const std::string& row) {
    const DataConfig config = write("emotion,pixels,Usage\n" + row + "\n");
    const std::string text = load_error(config);
    const std::string head =
        "[fer csv] expected an image; got row-0, which "
        "cannot be used: ";
    const std::string tail =
        fmt::format(" ({}). Mend it, or set data.on_bad_image: skip.",
                    config.path.string());
    EXPECT_TRUE(text.starts_with(head) && text.ends_with(tail)) << text;
    return text.substr(head.size(), text.size() - head.size() - tail.size());
  }

  /// 64 pixels of one level.
  static std::string pixels(int gray) {
    std::string text;
    for (int i = 0; i < 64; ++i) text += (i ? " " : "") + std::to_string(gray);
    return text;
  }

  TemporaryFolder folder_;
};

TEST_F(FerCsv, TakesNoReadErrorForTheEnd) {
  DataConfig config = write("");
  config.path = "/proc/self/mem";  // a regular file that cannot be read
  EXPECT_THAT(load_error(config),
              testing::StartsWith("[fer csv] expected to read the whole file; "
                                  "got an error"));
}

TEST_F(FerCsv, ReadsTheTableOfKagglesFirstName) {
  const ImageSet images = load_images(
      write("emotion,pixels,Usage\n3," + pixels(10) + ",Training\n4," +
            pixels(20) + ",PublicTest\n3," + pixels(255) + ",PrivateTest\n"),
      true);
  EXPECT_THAT(images.class_names, ElementsAre("happy", "sad"));
  EXPECT_THAT(images.labels, ElementsAre(0, 1, 0));
  EXPECT_THAT(images.ids, ElementsAre("row-0", "row-1", "row-2"));
  EXPECT_THAT(first_bytes(images), ElementsAre(10, 20, 255));
  EXPECT_THAT(images.usage, ElementsAre(Usage::kTraining, Usage::kPublicTest,
                                        Usage::kPrivateTest));
}

TEST_F(FerCsv, ReadsTheOtherHeadWithSpacesAndOrder) {
  const ImageSet images =
      load_images(write("emotion, Usage, pixels\r\n0,Training," + pixels(7) +
                        "\r\n6,PublicTest," + pixels(8) + "\r\n\r\n"),
                  true);
  EXPECT_THAT(images.class_names, ElementsAre("angry", "neutral"));
  EXPECT_THAT(images.usage, ElementsAre(Usage::kTraining, Usage::kPublicTest));
  EXPECT_THAT(first_bytes(images), ElementsAre(7, 8));
}

TEST_F(FerCsv, NeedsNoUsageAndTakesQuotesAndAByteOrderMark) {
  const ImageSet images = load_images(write("\xEF\xBB\xBF"
                                            "emotion,pixels\n5,\"" +
                                            pixels(3) + "\""),
                                      true);
  EXPECT_THAT(images.class_names, ElementsAre("surprise"));
  EXPECT_THAT(images.usage, ElementsAre(Usage::kNone));
  EXPECT_THAT(first_bytes(images), ElementsAre(3));
}

TEST_F(FerCsv, NumbersTheClassesAsKaggleDoes) {
  EXPECT_THAT(fer_csv_classes(),
              ElementsAre("angry", "disgust", "fear", "happy", "sad",
                          "surprise", "neutral"));
}

TEST_F(FerCsv, KeepsTheRowNumberOfSelectedClasses) {
  DataConfig config = write("emotion,pixels\n0," + pixels(1) + "\n4," +
                            pixels(2) + "\n3," + pixels(3) + "\n");
  config.classes = {"happy", "sad"};
  const ImageSet images = load_images(config, true);
  EXPECT_THAT(images.ids, ElementsAre("row-1", "row-2"));
  EXPECT_THAT(images.labels, ElementsAre(1, 0));
}

TEST_F(FerCsv, KeepsRowOrderOverManyBatches) {
  std::string text = "emotion,pixels\n";
  for (int i = 0; i < 9000; ++i)
    text += std::to_string(i % 7) + "," + pixels(i % 251) + "\n";
  const ImageSet images = load_images(write(text), true);
  ASSERT_EQ(images.size(), 9000u);
  for (size_t i = 0; i < 9000; ++i) ASSERT_EQ(images.image(i)[63], i % 251);
  EXPECT_EQ(images.ids.back(), "row-8999");
}

TEST_F(FerCsv, SaysWhatIsWrongWithARow) {
  EXPECT_EQ(row_error("7," + pixels(1) + ",Training"),
            "its emotion is '7', not a number from 0 to 6");
  EXPECT_EQ(row_error("happy," + pixels(1) + ",Training"),
            "its emotion is 'happy', not a number from 0 to 6");
  EXPECT_EQ(row_error("3," + pixels(1)),
            "it has 2 fields where the head has 3");
  EXPECT_EQ(row_error("3," + pixels(1) + ",Testing"),
            "its Usage is 'Testing', not Training, PublicTest or PrivateTest");
  EXPECT_EQ(row_error("3,1 2 3,Training"),
            "it has 3 pixels, which make no square");
  EXPECT_EQ(row_error("3,,Training"), "it has 0 pixels, which make no square");
  EXPECT_EQ(row_error("3,1 256 3 4,Training"),
            "its pixel 1 is '256', not a number from 0 to 255");
  EXPECT_EQ(row_error("3,1 2 -3 4,Training"),
            "its pixel 2 is '-3', not a number from 0 to 255");
  EXPECT_EQ(row_error("3,1 2 3 4x,Training"),
            "its pixel 3 is '4x', not a number from 0 to 255");
}

TEST_F(FerCsv, SkipsBadRowsWhereAllowed) {
  DataConfig config = write("emotion,pixels\n9,1\n3," + pixels(5) + "\n");
  config.on_bad_image = OnBadImage::kSkip;
  const ImageSet images = load_images(config, true);
  EXPECT_THAT(images.ids, ElementsAre("row-1"));
  ASSERT_EQ(images.bad.size(), 1u);
  EXPECT_EQ(images.bad[0].id, "row-0");
}

TEST_F(FerCsv, NamesTheColumnsItNeeds) {
  const DataConfig config = write("image,label\nx,y\n");
  EXPECT_EQ(load_error(config),
            fmt::format("[fer csv] expected a head with the columns emotion, "
                        "pixels and perhaps Usage; got 'image,label' ({}). "
                        "Take fer2013.csv or icml_face_data.csv.",
                        config.path.string()));
}

TEST_F(FerCsv, IsAFile) {
  DataConfig config = write("x");
  config.path = config.path.parent_path();
  EXPECT_EQ(load_error(config),
            fmt::format("[fer csv] expected a readable CSV file; got something "
                        "else ({}). Check data.path and data.source.",
                        config.path.string()));
}

}  // namespace
}  // namespace fer
