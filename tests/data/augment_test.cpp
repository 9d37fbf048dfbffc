#include "data/augment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace fer {
namespace {

constexpr int kSide = 48;

std::vector<uint8_t> random_image(int height = kSide, int width = kSide) {
  std::vector<uint8_t> image(static_cast<size_t>(height * width));
  Philox random(1, 2, 3, Purpose::kSynthetic);
  for (uint8_t& value : image) value = static_cast<uint8_t>(random.next());
  return image;
}

std::vector<float> changed(const AugmentPlan& plan,
                           const std::vector<uint8_t>& image,
                           int height = kSide, int width = kSide) {
  std::vector<float> out(image.size());
  apply(plan, image.data(), 1, height, width, out.data());
  return out;
}

AugmentPlan geometry(float a, float b, float c, float d, float tx, float ty) {
  AugmentPlan plan;
  plan.a = a, plan.b = b, plan.c = c, plan.d = d, plan.tx = tx, plan.ty = ty;
  plan.identity = false;
  return plan;
}

AugmentPlan plan_of(const AugmentConfig& config, uint32_t sample,
                    uint32_t epoch = 0) {
  return plan(augment_settings(config), 42, epoch, sample, kSide, kSide);
}

TEST(AugmentSettings, NothingSetMeansNothingChanges) {
  AugmentConfig config;
  EXPECT_FALSE(augment_settings(config).any);
  config.cutout_size = 20;  // a size without a probability is never used
  EXPECT_FALSE(augment_settings(config).any);
  for (double AugmentConfig::*member :
       {&AugmentConfig::horizontal_flip, &AugmentConfig::shift,
        &AugmentConfig::rotation, &AugmentConfig::zoom,
        &AugmentConfig::brightness, &AugmentConfig::contrast,
        &AugmentConfig::cutout_probability}) {
    AugmentConfig one;
    one.*member = 0.1;
    EXPECT_TRUE(augment_settings(one).any);
  }
}

TEST(AugmentPlan, WithoutSettingsIsTheIdentity) {
  for (uint32_t sample = 0; sample < 100; ++sample) {
    const AugmentPlan plan = plan_of({}, sample);
    EXPECT_TRUE(plan.identity);
    EXPECT_EQ(plan.a, 1);
    EXPECT_EQ(plan.b, 0);
    EXPECT_EQ(plan.tx, 0);
    EXPECT_EQ(plan.gain, 1);
    EXPECT_EQ(plan.bias, 0);
    EXPECT_EQ(plan.cut_size, 0);
  }
}

TEST(AugmentPixel, IdentityIsTheValueOver255) {
  const auto image = random_image();
  const auto copied = changed({}, image);
  const auto interpolated = changed(geometry(1, 0, 0, 1, 0, 0), image);
  for (size_t i = 0; i < image.size(); ++i) {
    EXPECT_EQ(copied[i], static_cast<float>(image[i]) / 255.0f);
    EXPECT_EQ(interpolated[i], copied[i]);
  }
}

TEST(AugmentPixel, FlipIsTheExactMirror) {
  AugmentConfig config;
  config.horizontal_flip = 1;
  for (const int width : {48, 47}) {
    const auto image = random_image(kSide, width);
    const auto out =
        changed(plan(augment_settings(config), 1, 2, 3, kSide, width), image,
                kSide, width);
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < width; ++x) {
        const size_t from = static_cast<size_t>(y * width + width - 1 - x);
        ASSERT_EQ(out[static_cast<size_t>(y * width + x)],
                  static_cast<float>(image[from]) / 255.0f);
      }
    }
  }
}

TEST(AugmentPixel, WholeShiftMovesPixelsAndRepeatsTheEdge) {
  const auto image = random_image();
  const auto out = changed(geometry(1, 0, 0, 1, 3, -2), image);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const int from = std::max(0, y - 2) * kSide + std::min(kSide - 1, x + 3);
      ASSERT_EQ(out[static_cast<size_t>(y * kSide + x)],
                static_cast<float>(image[static_cast<size_t>(from)]) / 255.0f);
    }
  }
}

TEST(AugmentPixel, HalfAPixelIsTheMeanOfTwo) {
  const std::vector<uint8_t> image = {10, 20, 40, 80};
  const auto out = changed(geometry(1, 0, 0, 1, .5f, 0), image, 1, 4);
  EXPECT_FLOAT_EQ(out[0], 15 / 255.0f);
  EXPECT_FLOAT_EQ(out[1], 30 / 255.0f);
  EXPECT_FLOAT_EQ(out[2], 60 / 255.0f);
  EXPECT_FLOAT_EQ(out[3], 80 / 255.0f);  // edge repeated
}

TEST(AugmentPixel, QuarterTurnMovesEachPixelToItsPlace) {
  float sine, cosine;
  sin_cos_degrees(90, sine, cosine);
  const auto image = random_image();
  const auto out = changed(geometry(cosine, sine, -sine, cosine, 0, 0), image);
  // Reads (x, y) from (y, -x) about the centre.
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const int from = (kSide - 1 - x) * kSide + y;
      ASSERT_NEAR(out[static_cast<size_t>(y * kSide + x)],
                  image[static_cast<size_t>(from)] / 255.0, 1e-5);
    }
  }
}

TEST(AugmentPixel, ZoomReadsNearerToTheCentre) {
  AugmentPlan plan = geometry(.5f, 0, 0, .5f, 0, 0);
  // Centre of 5 is 2: output x reads 2 + (x - 2) / 2 = 1, 1.5, 2, 2.5, 3.
  const std::vector<uint8_t> image = {0, 10, 20, 40, 80};
  const auto out = changed(plan, image, 1, 5);
  const float expected[] = {10, 15, 20, 30, 40};
  for (size_t i = 0; i < 5; ++i) EXPECT_FLOAT_EQ(out[i], expected[i] / 255.0f);
}

TEST(AugmentPixel, GainAndBiasAreOfFullScaleAndClamped) {
  AugmentPlan plan;
  plan.gain = 2;
  plan.bias = -0.5f;
  const auto out = changed(plan, {0, 51, 102, 255}, 1, 4);
  EXPECT_FLOAT_EQ(out[0], 0.0f);   // -0.5
  EXPECT_FLOAT_EQ(out[1], 0.0f);   // 0.4 - 0.5
  EXPECT_NEAR(out[2], 0.3, 1e-6);  // 0.8 - 0.5
  EXPECT_FLOAT_EQ(out[3], 1.0f);   // 1.5
}

TEST(AugmentPixel, CutSquareIsBlackEvenWhenBrightened) {
  AugmentPlan plan;
  plan.bias = 0.5f;
  plan.cut_x = 5, plan.cut_y = 7, plan.cut_size = 12;
  const auto out = changed(plan, random_image());
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const bool inside = x >= 5 && x < 17 && y >= 7 && y < 19;
      ASSERT_EQ(out[static_cast<size_t>(y * kSide + x)] == 0, inside);
    }
  }
}

TEST(AugmentPixel, EachChannelIsTreatedAlike) {
  const auto image = random_image(8, 8);
  std::vector<uint8_t> rgb;
  for (int c = 0; c < 3; ++c) rgb.insert(rgb.end(), image.begin(), image.end());
  const AugmentPlan plan = geometry(.9f, .2f, -.2f, .9f, 1.5f, -.5f);
  const auto one = changed(plan, image, 8, 8);
  std::vector<float> three(rgb.size());
  apply(plan, rgb.data(), 3, 8, 8, three.data());
  for (size_t i = 0; i < three.size(); ++i)
    ASSERT_EQ(three[i], one[i % one.size()]);
}

TEST(SinCos, AgreesWithTheLibraryAndIsExactAtQuarterTurns) {
  for (int tenth = -1800; tenth <= 1800; ++tenth) {
    const float degrees = static_cast<float>(tenth) / 10;
    float sine, cosine;
    sin_cos_degrees(degrees, sine, cosine);
    const double radians = degrees * std::numbers::pi / 180;
    ASSERT_NEAR(sine, std::sin(radians), 1e-6);
    ASSERT_NEAR(cosine, std::cos(radians), 1e-6);
  }
  for (const auto& [degrees, s, c] : {std::tuple(0.f, 0.f, 1.f),
                                      {90.f, 1.f, 0.f},
                                      {180.f, 0.f, -1.f},
                                      {-90.f, -1.f, 0.f},
                                      {-180.f, 0.f, -1.f}}) {
    float sine, cosine;
    sin_cos_degrees(degrees, sine, cosine);
    EXPECT_EQ(sine, s);
    EXPECT_EQ(cosine, c);
  }
}

AugmentConfig everything() {
  AugmentConfig config;
  config.horizontal_flip = 0.5;
  config.shift = 0.1;
  config.rotation = 15;
  config.zoom = 0.2;
  config.brightness = 0.3;
  config.contrast = 0.4;
  config.cutout_probability = 0.25;
  config.cutout_size = 12;
  return config;
}

// What a plan was drawn with, read back from its matrix.
struct Drawn {
  bool flip;
  double angle, zoom, shift_x, shift_y, brightness;
};
Drawn read_back(const AugmentPlan& plan) {
  const double determinant = plan.a * plan.d - plan.b * plan.c;
  Drawn drawn;
  drawn.flip = determinant < 0;
  drawn.zoom = 1 / std::sqrt(std::abs(determinant));
  drawn.angle = std::atan2(plan.b, plan.d) * 180 / std::numbers::pi;
  drawn.shift_x = plan.tx / kSide;
  drawn.shift_y = plan.ty / kSide;
  drawn.brightness = plan.bias - 0.5 * (1 - plan.gain);
  return drawn;
}

TEST(AugmentPlan, DrawsUniformlyWithinTheRanges) {
  constexpr int kSamples = 10'000;
  int flips = 0, cuts = 0;
  double angle = 0, zoom = 0, x = 0, y = 0, brightness = 0, gain = 0, left = 0;
  for (uint32_t sample = 0; sample < kSamples; ++sample) {
    const AugmentPlan plan = plan_of(everything(), sample);
    const Drawn drawn = read_back(plan);
    EXPECT_LE(std::abs(drawn.angle), 15.0001);
    EXPECT_LE(std::abs(drawn.zoom - 1), 0.2001);
    EXPECT_LE(std::abs(drawn.shift_x), 0.10001);
    EXPECT_LE(std::abs(drawn.shift_y), 0.10001);
    EXPECT_LE(std::abs(drawn.brightness), 0.30001);
    EXPECT_LE(std::abs(plan.gain - 1), 0.40001);
    EXPECT_GE(plan.cut_x, 0);
    EXPECT_LE(plan.cut_x + 12, kSide);
    EXPECT_LE(plan.cut_y + 12, kSide);
    EXPECT_TRUE(plan.cut_size == 0 || plan.cut_size == 12);
    flips += drawn.flip;
    cuts += plan.cut_size > 0;
    angle += drawn.angle;
    zoom += drawn.zoom;
    x += drawn.shift_x;
    y += drawn.shift_y;
    brightness += drawn.brightness;
    gain += plan.gain;
    left += plan.cut_x;
  }
  // A mean of 10,000 draws from [-r, r] has the deviation r / sqrt(3) / 100;
  // five of them.
  const auto five = [](double range) { return 5 * range / 173.2; };
  EXPECT_NEAR(angle / kSamples, 0, five(15));
  EXPECT_NEAR(zoom / kSamples, 1, five(.2));
  EXPECT_NEAR(x / kSamples, 0, five(.1));
  EXPECT_NEAR(y / kSamples, 0, five(.1));
  EXPECT_NEAR(brightness / kSamples, 0, five(.3));
  EXPECT_NEAR(gain / kSamples, 1, five(.4));
  EXPECT_NEAR(left / kSamples, 18, five(18));  // 0..36
  EXPECT_NEAR(flips, 5000, 250);               // sqrt(10000 / 4) = 50
  EXPECT_NEAR(cuts, 2500, 217);                // sqrt(10000 * 3 / 16) = 43.3
}

TEST(AugmentPlan, OneSettingDoesNotShiftTheNumbersOfAnother) {
  AugmentConfig only_cut;
  only_cut.cutout_probability = 0.25;
  only_cut.cutout_size = 12;
  AugmentConfig only_rotation;
  only_rotation.rotation = 15;
  for (uint32_t sample = 0; sample < 200; ++sample) {
    const AugmentPlan all = plan_of(everything(), sample);
    const AugmentPlan cut = plan_of(only_cut, sample);
    EXPECT_EQ(cut.cut_size, all.cut_size);
    EXPECT_EQ(cut.cut_x, all.cut_x);
    EXPECT_EQ(cut.cut_y, all.cut_y);
    EXPECT_TRUE(cut.identity);
    EXPECT_NEAR(read_back(plan_of(only_rotation, sample)).angle,
                read_back(all).angle, 1e-4);
  }
}

TEST(AugmentPlan, ChangesWithEpochSampleAndSeed) {
  const AugmentPlan one = plan_of(everything(), 5, 1);
  EXPECT_EQ(one.tx, plan_of(everything(), 5, 1).tx);
  EXPECT_NE(one.tx, plan_of(everything(), 5, 2).tx);
  EXPECT_NE(one.tx, plan_of(everything(), 6, 1).tx);
  EXPECT_NE(one.tx,
            plan(augment_settings(everything()), 43, 1, 5, kSide, kSide).tx);
}

TEST(AugmentPlan, CutIsNoLargerThanTheImage) {
  AugmentConfig config;
  config.cutout_probability = 1;
  config.cutout_size = 100;
  const AugmentPlan cut = plan(augment_settings(config), 1, 1, 1, 20, 30);
  EXPECT_EQ(cut.cut_size, 20);
  EXPECT_EQ(cut.cut_y, 0);
  EXPECT_LE(cut.cut_x, 10);
}

}  // namespace
}  // namespace fer
