#include "deploy/face_crop.h"

#include <gmock/gmock.h>

namespace fer {
namespace {

using testing::ElementsAre;

TEST(SquareAround, AddsTheMarginOnEachSide) {
  EXPECT_EQ(square_around({40, 50, 20, 20}, 0, 200, 200),
            (Box{40, 50, 20, 20}));
  EXPECT_EQ(square_around({40, 50, 20, 20}, 0.25, 200, 200),
            (Box{35, 45, 30, 30}));
}

TEST(SquareAround, MovesIntoThePicture) {
  EXPECT_EQ(square_around({0, 0, 20, 20}, 0.5, 200, 200), (Box{0, 0, 40, 40}));
  EXPECT_EQ(square_around({180, 100, 20, 20}, 0.5, 200, 200),
            (Box{160, 90, 40, 40}));
}

TEST(SquareAround, BecomesAsSmallAsThePicture) {
  EXPECT_EQ(square_around({10, 0, 30, 30}, 1, 100, 40), (Box{5, 0, 40, 40}));
}

TEST(SquareAround, MakesATallBoxSquare) {
  EXPECT_EQ(square_around({50, 50, 10, 20}, 0, 200, 200),
            (Box{45, 50, 20, 20}));
}

TEST(NetworkInput, CropsThenTakesTheContractsChannelsAndSize) {
  // Red 100 everywhere but in the crop, which holds white and black columns.
  Image picture{4, 2, 3, {}};
  for (int i = 0; i < 8; ++i) {
    const bool inside = i % 4 >= 2;
    const auto value = static_cast<uint8_t>(i % 4 == 2 ? 255 : 0);
    picture.pixels.insert(picture.pixels.end(), {inside ? value : uint8_t{100},
                                                 inside ? value : uint8_t{0},
                                                 inside ? value : uint8_t{0}});
  }
  OnnxContract contract;
  contract.height = contract.width = 2;
  const Image input = network_input(picture, {2, 0, 2, 2}, contract);
  EXPECT_EQ(input.channels, 1);
  EXPECT_THAT(input.pixels, ElementsAre(255, 0, 255, 0));
  contract.width = 1;
  EXPECT_THAT(network_input(picture, {2, 0, 2, 2}, contract).pixels,
              ElementsAre(128, 128));  // means of 255 and 0
}

}  // namespace
}  // namespace fer
