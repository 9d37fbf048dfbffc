#include "vision/face_detector.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "core/csv.h"
#include "core/temporary_folder.h"
#include "vision/cascade_path.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Image plain(int width, int height, int channels = 3) {
  Image image{width, height, channels, {}};
  for (size_t i = 0; i < size_t{3} * width * height; i += 3 / channels)
    image.pixels.push_back(static_cast<uint8_t>(i / 97 % 200));
  return image;
}

std::string setting_error(void (*change)(DetectorOptions&)) {
  DetectorOptions options;
  change(options);
  return error_text([&] { check_detector_options(options); });
}

TEST(FaceDetector, FindsNothingInAPictureWithoutAFace) {
  const FaceDetector detector;
  EXPECT_THAT(detector.detect(plain(200, 150)), IsEmpty());
  EXPECT_THAT(detector.detect(plain(200, 150, 1)), IsEmpty());
  EXPECT_THAT(detector.detect(plain(3000, 60)), IsEmpty());  // shrunk
  EXPECT_THAT(detector.detect(plain(5, 5)), IsEmpty());      // below any window
  EXPECT_THAT(detector.cascade().filename().string(),
              StartsWith("haarcascade_frontalface"));
}

TEST(FaceDetector, RefusesSettingsOutOfRange) {
  EXPECT_EQ(setting_error([](auto& o) { o.scale_factor = 1; }),
            "[faces] expected a scale factor above 1, up to 4; got 1.");
  EXPECT_EQ(setting_error([](auto& o) { o.neighbours = -1; }),
            "[faces] expected 0 to 100 neighbours; got -1.");
  EXPECT_EQ(setting_error([](auto& o) { o.min_size = -4; }),
            "[faces] expected a smallest face of 0 or more pixels; got -4.");
  EXPECT_EQ(setting_error([](auto& o) { o.search_side = 20; }),
            "[faces] expected a search side of 0 (never shrink) or at least "
            "100 pixels; got 20.");
  EXPECT_EQ(setting_error([](auto& o) { o.search_side = 0; }), "no error");
}

TEST(FaceDetector, SaysWhichCascadeItCannotRead) {
  TemporaryFolder folder;
  DetectorOptions options;
  options.cascade = folder / "none.xml";
  EXPECT_EQ(error_text([&] { FaceDetector detector(options); }),
            "[faces] expected a cascade file; got no such file (" +
                options.cascade.string() + ").");
  for (const char* text : {"no xml", "<?xml version=\"1.0\"?><a/>", ""}) {
    options.cascade = folder.write("broken.xml", text);
    EXPECT_EQ(error_text([&] { FaceDetector detector(options); }),
              "[faces] expected a Haar or LBP cascade; got something else (" +
                  options.cascade.string() +
                  "). Name another one with --cascade.");
  }
}

TEST(CascadePath, LooksInTheUsersFolderFirst) {
  TemporaryFolder folder;
  const auto own =
      folder.write("haarcascade_frontalface_default.xml", "<cascade/>");
  setenv("FERBENCH_CASCADES", folder.path().c_str(), /*overwrite=*/1);
  EXPECT_EQ(cascade_path({}), own);
  EXPECT_EQ(default_cascade_folders().front(), folder.path());
  unsetenv("FERBENCH_CASCADES");
  EXPECT_NE(default_cascade_folders().front(), folder.path());
}

TEST(CropImage, TakesTheBox) {
  const Image image{3, 2, 1, {1, 2, 3, 4, 5, 6}};
  EXPECT_THAT(crop_image(image, {1, 0, 2, 2}).pixels, ElementsAre(2, 3, 5, 6));
  const Image colour{2, 1, 3, {1, 2, 3, 4, 5, 6}};
  EXPECT_THAT(crop_image(colour, {1, 0, 1, 1}).pixels, ElementsAre(4, 5, 6));
}

TEST(CropImage, RefusesABoxOutside) {
  const Image image{3, 2, 1, {1, 2, 3, 4, 5, 6}};
  for (const Box& box : {Box{-1, 0, 1, 1}, Box{0, 0, 4, 1}, Box{2, 0, 2, 1},
                         Box{0, 1, 1, 2}, Box{0, 0, 0, 1}})
    EXPECT_THAT(error_text([&] { crop_image(image, box); }),
                StartsWith("[vision] expected a box inside 3 x 2 pixels; got"));
}

// Photographs of real people: 24, each of one face.
TEST(FaceDetector, FindsTheFacesOfTheSamplePhotographs) {
  const char* data = std::getenv("FERBENCH_DATA");
  const std::filesystem::path folder =
      std::filesystem::path(data ? data : "") / "faces";
  if (!data || !std::filesystem::exists(folder / "labels.csv"))
    GTEST_SKIP() << "no faces/labels.csv in FERBENCH_DATA";
  const CsvTable table = read_csv(folder / "labels.csv");
  const FaceDetector detector;
  int found = 0;
  for (const auto& row : table.rows) {
    const std::string bytes = read_file(folder / row[table.column("image")]);
    const Image image = decode_image(std::as_bytes(std::span(bytes)), 3);
    const auto boxes = detector.detect(image);
    found += !boxes.empty();
    for (size_t i = 0; i < boxes.size(); ++i) {
      EXPECT_NO_THROW(crop_image(image, boxes[i]));
      if (i == 0) continue;
      EXPECT_GE(boxes[i].width * boxes[i].height,
                boxes[i - 1].width * boxes[i - 1].height);
    }
  }
  EXPECT_GE(found, 18) << "of " << table.rows.size();
}

}  // namespace
}  // namespace fer
