#include "export/latency.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "export/tiny_models.h"

namespace fer {
namespace {

TEST(SortedQuantile, IsTheNearestRank) {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_EQ(sorted_quantile(values, 0.5), 5);    // rank 5
  EXPECT_EQ(sorted_quantile(values, 0.9), 9);    // rank 9
  EXPECT_EQ(sorted_quantile(values, 0.99), 10);  // rank 9.9, upwards
  EXPECT_EQ(sorted_quantile({7}, 0.5), 7);
}

TEST(MeasureLatency, WarmsUpAndKeepsItsLeastCounts) {
  int singles = 0, batches = 0;
  const Latency latency = measure_latency(
      "counter",
      [&](int64_t n) {
        n == 1 ? ++singles : ++batches;
        std::this_thread::sleep_for(std::chrono::microseconds(200) * n);
      },
      {.warm_up = 3, .repeats = 1000, .seconds = 0, .batch = 4});
  EXPECT_EQ(latency.repeats, 50);
  EXPECT_EQ(singles, 53);
  EXPECT_EQ(batches, 6);  // one to warm up
  EXPECT_GE(latency.median_ms, 0.2);
  EXPECT_LE(latency.median_ms, latency.p90_ms);
  EXPECT_LE(latency.p90_ms, latency.p99_ms);
  EXPECT_LE(latency.images_per_second, 5000);
  EXPECT_EQ(latency.to_json()["runtime"], "counter");
}

TEST(OpenVinoLatency, MeasuresEachArithmetic) {
  const auto pixels = drawn_pixels(2, 64);
  const auto rows = openvino_latency(
      tiny_fernet().finish().SerializeAsString(), {pixels, 2}, {"f32", "auto"},
      {.warm_up = 1, .repeats = 50, .seconds = 0.05, .batch = 8});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].runtime, "openvino f32");
  EXPECT_GT(rows[1].images_per_second, 0);
}

}  // namespace
}  // namespace fer
