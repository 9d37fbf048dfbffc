#include "vision/image.h"

#include <gmock/gmock.h>

#include "core/error.h"

namespace fer {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

std::string decode_error(std::span<const std::byte> bytes) {
  try {
    decode_image(bytes, 1);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(DecodeImage, GivesBackTheGrayPixelsOfAPng) {
  const Image image{3, 2, 1, {0, 50, 100, 150, 200, 255}};
  const Image back = decode_image(encode_png(image), 1);
  EXPECT_EQ(back.width, 3);
  EXPECT_EQ(back.height, 2);
  EXPECT_EQ(back.pixels, image.pixels);
}

TEST(DecodeImage, KeepsRedBeforeBlue) {
  const Image red{1, 1, 3, {250, 20, 10}};
  EXPECT_THAT(decode_image(encode_png(red), 3).pixels,
              ElementsAre(250, 20, 10));
}

TEST(DecodeImage, RepeatsGrayForRgb) {
  const Image gray{1, 1, 1, {90}};
  EXPECT_THAT(decode_image(encode_png(gray), 3).pixels,
              ElementsAre(90, 90, 90));
}

TEST(DecodeImage, NamesWhatIsWrong) {
  EXPECT_EQ(decode_error({}), "[vision] expected an image; got an empty file.");
  const std::string text = "not an image";
  EXPECT_EQ(decode_error(std::as_bytes(std::span(text))),
            "[vision] expected an image; got 12 bytes in no known format, or "
            "damaged.");
  const std::string jpeg = "\xFF\xD8\xFF\xE0";
  EXPECT_EQ(decode_error(std::as_bytes(std::span(jpeg))),
            "[vision] expected an image; got a truncated JPEG file.");
}

TEST(DecodeImage, RefusesAPngThatIsCutOff) {
  Image image{64, 64, 1, {}};
  for (int i = 0; i < 64 * 64; ++i)
    image.pixels.push_back(static_cast<uint8_t>(i * 37 % 251));
  auto bytes = encode_png(image);
  bytes.resize(bytes.size() / 2);
  EXPECT_THAT(decode_error(bytes), HasSubstr("[vision] expected an image"));
}

TEST(ResizeImage, AveragesAreasWhenItShrinks) {
  // Four 2x2 areas: means of (0, 10, 20, 30) and so on.
  const Image image{4, 2, 1, {0, 10, 100, 100, 20, 30, 100, 100}};
  const Image half = resize_image(image, 2, 1);
  EXPECT_THAT(half.pixels, ElementsAre(15, 100));
}

TEST(ResizeImage, InterpolatesWhenItGrows) {
  // Centres of the four new pixels at -0.25, 0.25, 0.75, 1.25 of the old grid.
  const Image image{2, 1, 1, {0, 200}};
  EXPECT_THAT(resize_image(image, 4, 1).pixels, ElementsAre(0, 50, 150, 200));
}

TEST(ContactSheet, PlacesTilesInAGrid) {
  Tile tile;
  tile.image = {2, 2, 1, {0, 0, 0, 0}};
  const std::vector<Tile> tiles(3, tile);
  const Image sheet = contact_sheet(tiles, 2, 20);
  EXPECT_EQ(sheet.width, 2 * (20 + 6) + 6);
  EXPECT_EQ(sheet.height, 2 * (20 + 18 + 6) + 6);
  EXPECT_EQ(sheet.channels, 3);
  const auto at = [&](int x, int y) {
    return sheet.pixels[static_cast<size_t>(3 * (y * sheet.width + x))];
  };
  EXPECT_EQ(at(16, 16), 0);    // first tile
  EXPECT_EQ(at(42, 16), 0);    // second
  EXPECT_EQ(at(16, 60), 0);    // third, next row
  EXPECT_EQ(at(42, 60), 255);  // no fourth
  EXPECT_EQ(at(2, 2), 255);    // margin
}

TEST(ContactSheet, OfNothingIsAWhitePage) {
  EXPECT_THAT(contact_sheet({}, 4).pixels, Each(255));
}

TEST(VisionVersion, NamesOpenCv) {
  EXPECT_THAT(vision_version(), HasSubstr("OpenCV 4."));
}

}  // namespace
}  // namespace fer
