#include <gmock/gmock.h>

#include "core/error.h"
#include "vision/image.h"

namespace fer {
namespace {

using testing::ElementsAre;

TEST(ConvertChannels, GrayToRgbRepeatsEveryValue) {
  const Image rgb = convert_channels({2, 1, 1, {7, 200}}, 3);
  EXPECT_EQ(rgb.channels, 3);
  EXPECT_THAT(rgb.pixels, ElementsAre(7, 7, 7, 200, 200, 200));
}

TEST(ConvertChannels, RgbToGrayWeighsAsOpenCvDoes) {
  // 0.299 * 255 = 76.2, 0.587 * 255 = 149.7, 0.114 * 255 = 29.1.
  const Image gray =
      convert_channels({3, 1, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255}}, 1);
  EXPECT_THAT(gray.pixels, ElementsAre(76, 150, 29));
}

TEST(ConvertChannels, KeepsWhatAlreadyFits) {
  EXPECT_THAT(convert_channels({1, 1, 3, {1, 2, 3}}, 3).pixels,
              ElementsAre(1, 2, 3));
}

TEST(ConvertChannels, RefusesTwoChannels) {
  try {
    convert_channels({1, 1, 1, {0}}, 2);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(), "[vision] expected 1 or 3 channels; got 2.");
  }
}

}  // namespace
}  // namespace fer
