#include "data/near_twins_fit.h"

#include <gtest/gtest.h>

#include "core/json.h"
#include "texture.h"

namespace fer {
namespace {

// The formulas of tests/reference/twin_correlation.py.
std::vector<uint8_t> formula(int which) {
  std::vector<uint8_t> pixels;
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 48; ++x) {
      const int value = which == 0 ? 7 * x * x + 13 * y + 3 * x * y
                                   : 5 * x + 11 * y * y + 2 * x * y;
      pixels.push_back(static_cast<uint8_t>(value % 251 / (1 + which)));
    }
  }
  return pixels;
}

TEST(ShiftedCorrelation, EqualsNumpysAtEveryShift) {
  const Json cases =
      read_json(FERBENCH_TEST_DIR "/reference/twin_correlation.json");
  const auto a = formula(0), b = formula(1);
  ASSERT_GE(cases.size(), 10u);
  for (const Json& one : cases) {
    const int dx = one.at("dx"), dy = one.at("dy");
    const auto& other = one.at("with_itself").get<bool>() ? a : b;
    EXPECT_NEAR(shifted_correlation(a.data(), other.data(), dx, dy),
                one.at("correlation").get<double>(), 1e-6)
        << one.dump();
  }
}

TEST(ShiftedCorrelation, IsZeroWhereAPictureIsNearlyBlank) {
  const auto a = texture(1);
  std::vector<uint8_t> flat(48 * 48, 90);
  EXPECT_EQ(shifted_correlation(a.data(), flat.data(), 0, 0), 0);
  flat[1000] = 255;  // deviation 165 / 48 = 3.4 < 4
  EXPECT_EQ(shifted_correlation(a.data(), flat.data(), 0, 0), 0);
  EXPECT_EQ(shifted_correlation(flat.data(), flat.data(), 0, 0), 0);
}

TEST(FitPictures, FindsZoomAndShiftsBetweenPixels) {
  // b shows the plane at zoom z: pixel u of a is (u - shift) / z of b.
  const View view{.zoom = 1 / 1.06, .dx = -1.3 / 1.06, .dy = 0.6 / 1.06};
  const auto a = texture(5), b = texture(5, view);
  const float before = shifted_correlation(a.data(), b.data(), 1, -1);
  const Fit fit = fit_pictures(a.data(), b.data(), 1, -1, 4);
  EXPECT_LT(before, 0.99f);
  EXPECT_GT(fit.correlation, 0.998f);
  EXPECT_NEAR(fit.zoom, 1.06, 0.005);
  EXPECT_NEAR(fit.dx, 1.3, 0.1);
  EXPECT_NEAR(fit.dy, -0.6, 0.1);
}

TEST(FitPictures, DoesNotMindBrightnessAndContrast) {
  const auto a = texture(6),
             b = texture(6, {.dx = 0.5, .gain = 0.6, .bias = 30});
  EXPECT_GT(fit_pictures(a.data(), b.data(), 0, 0, 4).correlation, 0.998f);
}

TEST(FitPictures, NeverEndsBelowItsStart) {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    const auto a = texture(seed), b = texture(seed + 100);
    for (const int shift : {-4, 0, 3}) {
      const Fit fit = fit_pictures(a.data(), b.data(), shift, -shift, 4);
      EXPECT_GE(fit.correlation,
                shifted_correlation(a.data(), b.data(), shift, -shift));
      EXPECT_LE(std::fabs(fit.zoom - 1), 0.2f + 1e-6f);
      EXPECT_LE(std::fabs(fit.dx), 6);
      EXPECT_LE(std::fabs(fit.dy), 6);
    }
  }
}

TEST(FitPictures, OfBlankPicturesIsNoFit) {
  const std::vector<uint8_t> flat(48 * 48, 90);
  EXPECT_EQ(fit_pictures(flat.data(), flat.data(), 0, 0, 4).correlation, 0);
}

}  // namespace
}  // namespace fer
