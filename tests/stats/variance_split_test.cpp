#include "stats/variance_split.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "stats/pairing.h"
#include "stats/reference.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

using Table = std::vector<double>;

TEST(VarianceSplitTest, EqualsStatsmodelsAnalysisOfVariance) {
  for (const Json& one : stats_reference("tests")["variance"]) {
    const VarianceSplit split =
        variance_split(numbers(one["right"]), one["seeds"], one["images"]);
    expect_close(split.mean_square_seed, one["mean_squares"][0], "MS seed");
    expect_close(split.mean_square_image, one["mean_squares"][1], "MS image");
    expect_close(split.mean_square_rest, one["mean_squares"][2], "MS rest");
    expect_close(split.seed, one["parts"][0], "seed");
    expect_close(split.image, one["parts"][1], "image");
    expect_close(split.rest, one["parts"][2], "rest");
    expect_close(split.std_seed, one["std"][0], "std seed");
    expect_close(split.std_sample, one["std"][1], "std sample");
    expect_close(split.std_both, one["std"][2], "std both");
    expect_close(split.std_mean, one["std"][3], "std mean");
    if (split.seed > 0)  // not cut at 0: what one sees over the seeds
      expect_close(split.std_seed, one["std_over_seeds"], "std over seeds");
  }
}

TEST(VarianceSplitTest, ByHand) {
  // Rows 1 1 and 0 0: all from the seeds. MS_seed = 2 (1/4 + 1/4) / 1 = 1.
  const VarianceSplit split = variance_split(Table{1, 1, 0, 0}, 2, 2);
  EXPECT_EQ(split.accuracy, 0.5);
  EXPECT_EQ(split.mean_square_seed, 1);
  EXPECT_EQ(split.mean_square_image, 0);
  EXPECT_EQ(split.mean_square_rest, 0);
  EXPECT_EQ(split.seed, 0.5);
  EXPECT_EQ(split.std_sample, 0);
  EXPECT_EQ(split.std_both, std::sqrt(0.5));
  EXPECT_EQ(split.std_mean, 0.5);
}

TEST(VarianceSplitTest, SeedsThatAgreeLeaveTheSampleAlone) {
  const VarianceSplit split =
      variance_split(Table{1, 0, 1, 1, 1, 0, 1, 1}, 2, 4);
  EXPECT_EQ(split.std_seed, 0);
  // sqrt of the variance of 1, 0, 1, 1 (1/4) over 4 images
  EXPECT_DOUBLE_EQ(split.std_sample, 0.25);
}

TEST(VarianceSplitTest, FindsThePartsThatWereDrawn) {
  double seed = 0, image = 0, rest = 0;
  for (uint64_t run = 0; run < 300; ++run) {
    Draws draws(run);
    std::vector<double> ease(150), table;
    for (double& value : ease) value = std::sqrt(0.5) * draws.normal();
    for (int s = 0; s < 6; ++s) {
      const double skill = std::sqrt(0.04) * draws.normal();
      for (const double value : ease)
        table.push_back(skill + value + std::sqrt(0.3) * draws.normal());
    }
    const VarianceSplit split = variance_split(table, 6, 150);
    seed += split.seed / 300;
    image += split.image / 300;
    rest += split.rest / 300;
  }
  EXPECT_NEAR(seed, 0.04, 0.005);
  EXPECT_NEAR(image, 0.5, 0.02);
  EXPECT_NEAR(rest, 0.3, 0.01);
}

TEST(VarianceSplitTest, OfPredictionsMatchesRowsByTheirIds) {
  const Predictions a = drawn_predictions(40, 3, 1);
  Predictions b = drawn_predictions(40, 3, 2);
  b.labels = a.labels;
  std::vector<size_t> backwards;
  Table table;
  for (size_t i = 0; i < 40; ++i) backwards.push_back(39 - i);
  for (const Predictions& p : {a, b}) {
    for (const bool right : right_rows(p)) table.push_back(right ? 1 : 0);
  }
  const std::vector<Predictions> runs = {a, select_rows(b, backwards)};
  EXPECT_EQ(variance_split(runs).std_both,
            variance_split(table, 2, 40).std_both);
  EXPECT_GT(variance_split(runs).std_both, 0);
}

TEST(VarianceSplitTest, RejectsTablesThatCannotBeSplit) {
  EXPECT_EQ(error_text([] {
              variance_split(Table{1, 0}, 1, 2);
            }),
            "[variance_split] expected two or more seeds and images; got 1 "
            "seeds and 2 images.");
  EXPECT_EQ(error_text([] {
              variance_split(Table{1, 0, 1}, 2, 2);
            }),
            "[variance_split] expected 2 x 2 values; got 3.");
  EXPECT_EQ(error_text([] {
              variance_split(Table{1, 0, 1, std::nan("")}, 2, 2);
            }),
            "[variance_split] expected finite values; got nan (seed 1, image "
            "1).");
  EXPECT_EQ(error_text([] { variance_split(std::vector<Predictions>{}); }),
            "[variance_split] expected the predictions of two or more seeds; "
            "got none.");
  Predictions other = drawn_predictions(4, 2, 1);
  other.ids[2] = "elsewhere";
  const std::vector<Predictions> runs = {drawn_predictions(4, 2, 1), other};
  EXPECT_NE(error_text([&] { variance_split(runs); }).find("[pair_rows]"),
            std::string::npos);
}

}  // namespace
}  // namespace fer
