#include "vision/annotate.h"

#include <gmock/gmock.h>

#include "vision/contrast.h"

namespace fer {
namespace {

using testing::Each;

Image gray(int side, uint8_t value, int channels = 1) {
  Image image{side, side, channels, {}};
  image.pixels.assign(static_cast<size_t>(side) * side * channels, value);
  return image;
}

TEST(Annotate, EnlargesSmallPicturesByAWholeNumber) {
  const Image drawn = annotate(gray(100, 7), {});
  EXPECT_EQ(drawn.width, 500);  // 5 times: at least 480
  EXPECT_EQ(drawn.channels, 3);
  EXPECT_EQ(drawn.pixels.size(), 500u * 500 * 3);
  EXPECT_THAT(drawn.pixels, Each(7));
  EXPECT_EQ(annotate(gray(600, 7), {}).width, 600);
}

TEST(Annotate, DrawsBoxesGreenOrGray) {
  const Annotation notes[] = {{{100, 100, 50, 50}, "happy 0.98", true},
                              {{300, 300, 50, 50}, "", false}};
  const Image drawn = annotate(gray(600, 7), notes);
  const auto at = [&](int x, int y) {
    const auto* p = &drawn.pixels[static_cast<size_t>(3) * (y * 600 + x)];
    return std::vector<int>{p[0], p[1], p[2]};
  };
  EXPECT_EQ(at(125, 149), (std::vector<int>{22, 130, 60}));
  EXPECT_EQ(at(325, 349), (std::vector<int>{90, 90, 90}));
  EXPECT_EQ(at(125, 125), (std::vector<int>{7, 7, 7}));
  EXPECT_NE(at(102, 97), (std::vector<int>{7, 7, 7}));  // the text's ground
}

TEST(EvenContrast, SpreadsGrayValues) {
  Image image = gray(64, 100);
  for (size_t i = 0; i < image.pixels.size(); i += 2) image.pixels[i] = 110;
  const Image evened = even_contrast(image);
  EXPECT_EQ(image.pixels[0], 110);  // a copy
  EXPECT_GT(evened.pixels[0] - evened.pixels[1], 10);
}

TEST(EvenContrast, KeepsGrayPicturesGrayInColour) {
  const Image evened = even_contrast(gray(64, 100, 3));
  EXPECT_EQ(evened.channels, 3);
  for (size_t i = 0; i < evened.pixels.size(); i += 3)
    ASSERT_NEAR(evened.pixels[i], evened.pixels[i + 2], 2);
}

}  // namespace
}  // namespace fer
