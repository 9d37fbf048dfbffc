// The three forms of a result.
#include <gmock/gmock.h>

#include "bench/bench.h"
#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "core/temporary_folder.h"
#include "report/gnuplot.h"

namespace fer {
namespace {
using testing::HasSubstr;

BenchResult result() {
  BenchResult result;
  result.experiment = "a, b";
  result.model = "fernet";
  result.device = "CPU, 2 threads";
  result.precision = "fp32";
  result.fused = result.winograd = true;
  result.work.forward = 1'000'000'000;
  result.work.training = 3'000'000'000;
  result.peak = 300e9;
  Rate training{.measure = "training", .batch = 64, .calls = 9};
  training.images_per_second = {55, 60, 65};
  training.judgement = judge(60, 3e9, 300e9, true);
  Rate inference{.measure = "inference", .batch = 1, .calls = 100};
  inference.images_per_second = {80, 90, 100};
  inference.p99_ms = 12.5;
  inference.judgement = judge(90, 1e9, 300e9, false);
  result.rates = {training, inference};
  result.layers = {{"conv1", "Conv2D", 30, 0.75, 150e9},
                   {"flatten", "Flatten", 10, 0.25, 0}};
  result.step_milliseconds = 120;
  result.resident_bytes = 512 << 20;
  return result;
}

TEST(BenchText, ShowsRatesLayersAndMemory) {
  const std::string text = bench_text(result());
  EXPECT_THAT(text, HasSubstr("a, b: fernet in fp32, fused passes, Winograd on "
                              "CPU, 2 threads"));
  EXPECT_THAT(text, HasSubstr("2.000 GFLOP forward, 6.000 in training; peak of "
                              "these threads 300.0 GFLOP/s"));
  // 60 images/s of 6 GFLOP: 360 of 300 GFLOP/s.
  EXPECT_THAT(text, HasSubstr("120 % (direct-equivalent)"));
  EXPECT_THAT(text, HasSubstr("55.0 - 65.0"));
  EXPECT_THAT(text, HasSubstr("12.50"));
  EXPECT_THAT(text,
              HasSubstr("Forward passes of training, 40.0 of 120.0 ms a step"));
  EXPECT_THAT(text, HasSubstr("Memory at most: 512 MiB resident"));
}

TEST(BenchJson, HoldsAllThatIsShown) {
  const Json json = bench_json(result());
  EXPECT_EQ(json["rates"][0]["verdict"], "direct-equivalent");
  EXPECT_DOUBLE_EQ(json["rates"][0]["gflops"], 360);
  EXPECT_DOUBLE_EQ(json["rates"][1]["limit"], 150);  // 300 / 2
  EXPECT_EQ(json["layers"][0]["name"], "conv1");
  EXPECT_EQ(json["resident_bytes"], 512 << 20);
  EXPECT_TRUE(json["version"].contains("commit"));
}

TEST(BenchCsv, IsOneRowPerRate) {
  const TemporaryFolder folder;
  write_file(folder.path() / "rates.csv", bench_csv(result()));
  const CsvTable table = read_csv(folder.path() / "rates.csv");
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0][table.column("experiment")], "a, b");
  EXPECT_EQ(table.rows[0][table.column("images_per_second")], "60");
  EXPECT_EQ(table.rows[1][table.column("measure")], "inference");
  EXPECT_EQ(table.rows[1][table.column("p99_ms")], "12.5");
  EXPECT_EQ(table.rows[1][table.column("peak_gflops")], "300");
}

TEST(DrawBench, DrawsTheLimitAndTheRates) {
  if (find_program("gnuplot").empty()) GTEST_SKIP() << "no gnuplot";
  const TemporaryFolder folder;
  draw_bench(result(), folder.path() / "rates.svg");
  const std::string svg = read_file(folder.path() / "rates.svg");
  EXPECT_THAT(svg, HasSubstr("a, b: fernet in fp32 on CPU, 2 threads"));
  EXPECT_THAT(svg, HasSubstr("peak of the processor, inference"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "rates.png"));
}

TEST(DrawBench, AsksForAnSvg) {
  try {
    draw_bench(result(), "rates.pdf");
    ADD_FAILURE() << "drawn";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(),
                 "[bench] expected a file that ends in .svg for --figure; got "
                 "'rates.pdf'. The PNG is written beside it.");
  }
}

}  // namespace
}  // namespace fer
