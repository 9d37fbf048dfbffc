#include "data/synthetic.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.h"
#include "data/canvas.h"
#include "image_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;

DataConfig faces(int images, std::vector<std::string> classes = {}) {
  DataConfig config;
  config.synthetic.images = images;
  config.classes = std::move(classes);
  return config;
}

bool same_image(const ImageSet& a, size_t i, const ImageSet& b, size_t j) {
  return std::ranges::equal(a.image(i), b.image(j));
}

TEST(SyntheticFaces, ShowAllSevenEmotionsInTurn) {
  const ImageSet images = load_images(faces(15), true);
  EXPECT_THAT(images.class_names,
              ElementsAre("angry", "disgust", "fear", "happy", "neutral", "sad",
                          "surprise"));
  EXPECT_EQ(images.size(), 15u);
  EXPECT_EQ(images.ids[14], "face-14");
  for (size_t i = 0; i < 15; ++i)
    EXPECT_EQ(images.labels[i], static_cast<int64_t>(i % 7));
}

TEST(SyntheticFaces, DoNotDependOnTheirNumber) {
  const ImageSet few = draw_faces(faces(20)), many = draw_faces(faces(500));
  for (size_t i = 0; i < 20; ++i) EXPECT_TRUE(same_image(few, i, many, i));
}

TEST(SyntheticFaces, AreAllDifferent) {
  const ImageSet images = draw_faces(faces(200));
  std::set<std::string> distinct;
  for (size_t i = 0; i < 200; ++i) {
    const auto pixels = images.image(i);
    distinct.emplace(pixels.begin(), pixels.end());
  }
  EXPECT_EQ(distinct.size(), 200u);
}

TEST(SyntheticFaces, ChangeWithTheSeed) {
  DataConfig other = faces(10);
  other.synthetic.seed = 8;
  EXPECT_FALSE(same_image(draw_faces(faces(10)), 0, draw_faces(other), 0));
}

TEST(SyntheticFaces, TakeTheClassesInTheGivenOrder) {
  const ImageSet images = draw_faces(faces(4, {"sad", "happy"}));
  EXPECT_THAT(images.class_names, ElementsAre("sad", "happy"));
  EXPECT_THAT(images.labels, testing::UnorderedElementsAre(0, 0, 1, 1));
}

TEST(SyntheticFaces, ComeInAnySizeAndInRgb) {
  DataConfig config = faces(7);
  config.image_size = 32;
  config.channels = 3;
  const ImageSet images = draw_faces(config);
  const auto image = images.image(3);
  ASSERT_EQ(image.size(), 3u * 32 * 32);
  EXPECT_TRUE(
      std::equal(image.begin(), image.begin() + 1024, image.begin() + 2048));
}

TEST(SyntheticFaces, HaveNoiseOfTheSettingsDeviation) {
  // The same faces with and without noise; gray levels that noise cannot clip
  // differ by the noise alone. 0.1 of 255 is 25.5.
  DataConfig noisy = faces(70), clean = faces(70);
  noisy.synthetic.noise = 0.1;
  clean.synthetic.noise = 0;
  const ImageSet a = draw_faces(noisy), b = draw_faces(clean);
  double sum = 0, squares = 0, n = 0;
  for (size_t k = 0; k < 70 * a.image_bytes(); ++k) {
    if (b.pixels[k] < 80 || b.pixels[k] > 175) continue;
    const double difference = a.pixels[k] - b.pixels[k];
    sum += difference;
    squares += difference * difference;
    ++n;
  }
  // n is above 50,000: the mean's deviation is below 25.5 / sqrt(n) = 0.12.
  ASSERT_GT(n, 50000);
  EXPECT_NEAR(sum / n, 0, 0.5);
  EXPECT_NEAR(std::sqrt(squares / n), 25.5, 0.5);
}

TEST(SyntheticFaces, ListTheEmotionsForAnUnknownOne) {
  EXPECT_EQ(error_text([] {
              draw_faces(faces(10, {"happy", "sadd"}));
            }),
            "[data] expected data.classes to name classes of the source; got "
            "'sadd', and there are angry, disgust, fear, happy, neutral, sad, "
            "surprise (synthetic). Did you mean 'sad'?");
}

TEST(SyntheticFaces, ReachEveryClass) {
  EXPECT_EQ(error_text([] { draw_faces(faces(3)); }),
            "[data] expected data.synthetic.images to reach every class; got 3 "
            "for 7 classes. Raise it.");
}

TEST(Canvas, CoversAPixelByTheShareInsideTheShape) {
  // 4x4 pixels over [-1, 1]: the box ends in the middle of column 2.
  Canvas canvas(4, 0);
  canvas.set_pose({0, 0, 1, 0});
  canvas.paint({{0, 0}, 9}, Box{{-1, 0}, {1.25f, 9}}, 1);
  const auto& row = canvas.pixels();
  EXPECT_THAT(std::vector<float>(row.begin(), row.begin() + 4),
              ElementsAre(1, 1, 0.5f, 0));
}

TEST(Canvas, TurnsClockwise) {
  // A quarter turn: what lies right of the centre comes to lie below it.
  Canvas canvas(4, 0);
  canvas.set_pose({0, 0, 1, 1.5707964f});
  canvas.paint({{0.5f, 0}, 0.6f}, Ellipse{{0.5f, 0}, {0.5f, 0.5f}}, 1);
  const auto& pixels = canvas.pixels();
  EXPECT_GT(pixels[2 * 4 + 1], 0.5f);
  EXPECT_LT(pixels[1 * 4 + 1], 0.1f);
}

}  // namespace
}  // namespace fer
