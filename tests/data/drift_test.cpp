#include <gtest/gtest.h>

#include "data/audit.h"

namespace fer {
namespace {

// Images of two pixels.
ImageSet pairs(const std::vector<uint8_t>& pixels) {
  ImageSet images;
  images.height = 1;
  images.width = 2;
  images.class_names = {"a"};
  images.labels.assign(pixels.size() / 2, 0);
  images.pixels = pixels.data();
  return images;
}

TEST(Drift, IsTheStandardisedDifferenceOfBrightnessAndContrast) {
  // Means 10 30 | 50 50 | 20 40, deviations 10 0 | 0 0 | 0 20.
  const std::vector<uint8_t> pixels = {0,  20, 30, 30, 50, 50,
                                       50, 50, 20, 20, 20, 60};
  const Json drift = drift_of(pairs(pixels), {{0, 1}, {2, 3}, {4, 5}});
  EXPECT_DOUBLE_EQ(drift["train"]["mean"], 20);
  // ((20^2 + 0 + 10^2 + 10^2) / 4
  EXPECT_DOUBLE_EQ(drift["train"]["variance"], 150);
  EXPECT_DOUBLE_EQ(drift["val"]["variance"], 0);
  const Json& difference = drift["difference"];
  // Variances of (10, 30) and (20, 40): 200 each. (20 - 30) / sqrt(200)
  EXPECT_NEAR(difference["train-test"]["brightness"], -0.7071068, 1e-7);
  // (5 - 10) / sqrt((50 + 200) / 2)
  EXPECT_NEAR(difference["train-test"]["contrast"], -0.4472136, 1e-7);
  // (20 - 50) / sqrt(200 / 2)
  EXPECT_NEAR(difference["train-val"]["brightness"], -3, 1e-7);
}

TEST(Drift, CountsARepeatedRowEachTime) {
  const std::vector<uint8_t> pixels = {0, 0, 90, 90};
  const Json drift = drift_of(pairs(pixels), {{0, 0, 1}, {0, 1}, {0, 1}});
  EXPECT_DOUBLE_EQ(drift["train"]["mean"], 30);
  EXPECT_DOUBLE_EQ(drift["train"]["variance"], 1800);  // 90^2 (1/3)(2/3)
}

TEST(Drift, IsNullWhereThereIsNothingToCompare) {
  const std::vector<uint8_t> pixels = {5, 5, 5, 5};
  const Json drift = drift_of(pairs(pixels), {{0, 1}, {}, {0}});
  EXPECT_TRUE(drift["val"]["mean"].is_null());
  EXPECT_TRUE(drift["difference"]["train-val"]["brightness"].is_null());
  EXPECT_TRUE(drift["difference"]["train-test"]["contrast"].is_null());
}

}  // namespace
}  // namespace fer
