#include "export/calibration_ranges.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/error.h"
#include "export/tiny_models.h"
#include "export/value_histogram.h"

namespace fer {
namespace {

/// y = 2 x - 0.5 on one pixel, x in [0, 1].
onnx::ModelProto doubling(float weight = 2) {
  TinyModel tiny(1, 1, 2);
  tiny.add("Conv", "doubled",
           {tiny.constant("w", {1, 1, 1, 1}, {weight}),
            tiny.constant("b", {1}, {-0.5F})},
           {{"kernel_shape", {1, 1}}});
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 1, 2);
  return tiny.finish();
}

std::vector<uint8_t> pixels(std::initializer_list<int> values) {
  return {values.begin(), values.end()};
}

TEST(CollectRanges, SeesAllValuesOfAllBatches) {
  std::vector<uint8_t> images(100, 51);  // 51 / 255 = 0.2; four batches
  images[3] = 0;
  images[99] = 204;  // 0.8
  const TensorRanges ranges = collect_ranges(
      doubling(), {images, 100}, {"unit", "doubled"}, RangeRule::kMinMax);
  EXPECT_NEAR(ranges.at("unit").low, 0, 1e-7);
  EXPECT_NEAR(ranges.at("unit").high, 0.8, 1e-6);
  EXPECT_NEAR(ranges.at("doubled").low, -0.5, 1e-6);
  EXPECT_NEAR(ranges.at("doubled").high, 1.1, 1e-6);  // 2 * 0.8 - 0.5
}

TEST(CollectRanges, OtherRulesLeaveThePixelsAsTheyAre) {
  std::vector<uint8_t> images(2000);
  for (size_t i = 0; i < images.size(); ++i)
    images[i] = static_cast<uint8_t>(40 + i % 10);
  images[0] = 255;
  const Pixels given{images, 2000};
  const TensorRanges all = collect_ranges(
      doubling(), given, {"unit", "doubled"}, RangeRule::kMinMax);
  const TensorRanges cut =
      collect_ranges(doubling(), given, {"unit", "doubled"}, RangeRule::kMse);
  EXPECT_EQ(cut.at("unit"), all.at("unit"));
  EXPECT_LE(cut.at("doubled").high, all.at("doubled").high);
}

TEST(CollectRanges, TurnsColourImagesAround) {
  TinyModel tiny(2, 3, 2);
  // Picks the second channel.
  tiny.add("Conv", "green", {tiny.constant("w", {1, 3, 1, 1}, {0, 1, 0})},
           {{"kernel_shape", {1, 1}}});
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 4, 2);
  std::vector<uint8_t> image(12, 255);
  for (size_t i = 4; i < 8; ++i) image[i] = 51;
  const TensorRanges ranges =
      collect_ranges(tiny.finish(), {image, 1}, {"green"}, RangeRule::kMinMax);
  EXPECT_NEAR(ranges.at("green").low, 0.2, 1e-6);
  EXPECT_NEAR(ranges.at("green").high, 0.2, 1e-6);
}

std::string refusal(const onnx::ModelProto& model, const Pixels& images,
                    const std::string& tensor) {
  try {
    collect_ranges(model, images, {tensor});
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(CollectRanges, SaysWhatIsWrong) {
  const auto four = pixels({1, 2, 3, 4});
  EXPECT_EQ(refusal(doubling(), {four, 4}, "tripled"),
            "[quantize] expected the tensor 'tripled' in the graph; got none "
            "of that name. Calibrate the graph that is quantised.");
  EXPECT_EQ(refusal(doubling(), {four, 2}, "doubled"),
            "[quantize] expected images of 1 x 1 x 1 (channels, height, "
            "width); got 4 bytes for 2 images. Take the data that the run was "
            "trained on.");
  EXPECT_EQ(refusal(doubling(NAN), {four, 4}, "doubled"),
            "[quantize] expected finite values on the calibration images; got "
            "nan in the tensor 'doubled'. Train the run again: it has "
            "diverged.");
}

TEST(ValueHistogram, CutsTheTails) {
  ValueHistogram histogram({0, 2048});  // bins of width 1
  std::vector<float> values(1000);
  std::iota(values.begin(), values.end(), 1000.5F);
  histogram.add(values);
  // 1 % of 1000 values on each side: bins 1010 to 1989 stay.
  EXPECT_EQ(histogram.without_tails(0.01), (TensorRange{1010, 1990}));
  EXPECT_EQ(histogram.without_tails(0), (TensorRange{1000, 2000}));
}

TEST(ValueHistogram, ZerosDoNotCount) {
  ValueHistogram histogram({0, 2048});
  histogram.add(std::vector<float>(100000, 0.0F));
  histogram.add(std::vector<float>{100.5F, 200.5F});
  EXPECT_EQ(histogram.without_tails(0.0001), (TensorRange{100, 201}));
}

TEST(ValueHistogram, OneOutlierDoesNotSpoilTheSteps) {
  // 100,000 values up to 1 and one of 10: at width w the steps cost about
  // 1e5 (w / 255)^2 / 12 = 0.128 w^2, the outlier (10 - w)^2: least at
  // w = 10 / 1.128 = 8.9; from 10 down in steps of 0.2 that is 8.8 or 9.0.
  ValueHistogram histogram({0, 10});
  std::vector<float> values(100000);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i + 1) / 100000;
  histogram.add(values);
  histogram.add(std::vector<float>{10});
  EXPECT_NEAR(histogram.least_error().high, 8.9, 0.11);
  EXPECT_EQ(histogram.least_error().low, 0);
}

TEST(ValueHistogram, EvenValuesKeepTheirWholeRange) {
  ValueHistogram histogram({-1, 1});
  std::vector<float> values;
  for (int i = -1000; i <= 1000; ++i)
    values.push_back(static_cast<float>(i) / 1000);
  histogram.add(values);
  EXPECT_EQ(histogram.least_error(), (TensorRange{-1, 1}));
}

}  // namespace
}  // namespace fer
