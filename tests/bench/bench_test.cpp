// Measuring a small experiment: what is measured, not how fast it is.
#include "bench/bench.h"

#include <gmock/gmock.h>

#include <numeric>

#include "core/error.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

Config small() {
  Config config;
  config.experiment.name = "small";
  config.data.classes = {"happy", "sad"};
  config.data.image_size = 16;
  config.train.batch_size = 16;
  config.train.threads = 1;
  config.train.device = DeviceKind::kCpu;
  return config;
}

BenchResult measured(const Config& config) {
  const RandomData data = random_data(config.data, 40);
  return run_bench(config, data.images, data.split,
                   {.batches = {1, 4}, .seconds = 0.01},
                   [](const std::string&) {});
}

// Measured once for all that only read it.
const BenchResult& fused() {
  static const BenchResult result = measured(small());
  return result;
}

TEST(RandomData, HasTheShapeOfTheExperiment) {
  DataConfig config;
  config.channels = 3;
  config.image_size = 24;
  const RandomData data = random_data(config, 20);
  EXPECT_EQ(data.images.image_bytes(), 3u * 24 * 24);
  EXPECT_EQ(data.images.class_names.size(), 7u);  // none is named
  EXPECT_EQ(data.images.labels[8], 1);
  EXPECT_EQ(data.split.train.size(), 20u);
  // The same at every call, and not one colour.
  const RandomData again = random_data(config, 20);
  const auto pixels = data.images.image(19), others = again.images.image(19);
  EXPECT_TRUE(std::ranges::equal(pixels, others));
  EXPECT_NE(pixels[0], pixels[1]);
}

TEST(Bench, MeasuresTrainingThenInferenceByBatch) {
  const BenchResult& result = fused();
  std::vector<std::string> measures;
  std::vector<int64_t> batches;
  for (const Rate& one : result.rates) {
    measures.push_back(one.measure);
    batches.push_back(one.batch);
    EXPECT_GT(one.images_per_second.low, 0);
    EXPECT_LE(one.images_per_second.low, one.images_per_second.median);
    EXPECT_LE(one.p50_ms, one.p90_ms);
    EXPECT_LE(one.p90_ms, one.p99_ms);
    EXPECT_GT(one.judgement.share, 0);
  }
  EXPECT_THAT(measures, ElementsAre("training", "inference", "inference"));
  EXPECT_THAT(batches, ElementsAre(16, 1, 4));
  EXPECT_GE(result.rates[1].calls, 100);  // for its 99th percentile
  EXPECT_GT(result.peak, 1e9);
  EXPECT_GT(result.resident_bytes, 50 << 20);
  EXPECT_EQ(result.gpu_bytes, 0);
}

TEST(Bench, TimesFusedPassesAsOneLayer) {
  const BenchResult& result = fused();
  double shares = 0;
  std::vector<std::string> names;
  for (const LayerTime& layer : result.layers) {
    shares += layer.share;
    names.push_back(layer.name);
  }
  EXPECT_NEAR(shares, 1, 1e-9);
  EXPECT_THAT(names, testing::Contains("block1_conv1 + block1_bn1"));
  EXPECT_THAT(names,
              testing::Contains("block1_conv2 + block1_bn2 + block1_pool + "
                                "block1_dropout"));
  EXPECT_THAT(names, testing::Contains("flatten"));
  EXPECT_TRUE(std::ranges::is_sorted(result.layers, std::ranges::greater(),
                                     &LayerTime::milliseconds));
  EXPECT_GT(result.step_milliseconds, 0);
}

TEST(Bench, TimesLayersOneByOneWithoutFusedPasses) {
  Config config = small();
  config.train.fused = false;
  const BenchResult result = measured(config);
  const auto found =
      std::ranges::find(result.layers, "block2_conv1", &LayerTime::name);
  ASSERT_NE(found, result.layers.end());
  EXPECT_EQ(found->kind, "Conv2D");
  // 16 images of 8 x 8, 3 x 3 kernels from 32 to 64 channels.
  const double flop = 2.0 * 16 * 8 * 8 * 9 * 32 * 64;
  EXPECT_NEAR(found->flops, flop / (1e-3 * found->milliseconds),
              1e-6 * found->flops);
  EXPECT_FALSE(result.fused);
  EXPECT_FALSE(result.winograd);
}

TEST(Bench, RefusesRatesThatCannotBe) {
  BenchResult result = fused();
  EXPECT_NO_THROW(require_possible(result));
  Rate& rate = result.rates[0];
  rate.images_per_second.median = 250;
  result.peak = 200e9;
  rate.judgement = judge(250, 1e9, result.peak, /*winograd=*/false);
  try {
    require_possible(result);
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[bench] expected at most 100.0 images/s in training at batch "
                 "16, which is the measured peak of 200.0 GFLOP/s; got 250.0: "
                 "impossible. The machine's load changed between them: repeat "
                 "on a quiet one, with a larger --seconds.");
  }
  rate.judgement = judge(250, 1e9, result.peak, /*winograd=*/true);
  EXPECT_NO_THROW(require_possible(result));
}

}  // namespace
}  // namespace fer
