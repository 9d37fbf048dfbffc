#include "compare/seed_variance.h"

#include <gtest/gtest.h>

#include "run_builder.h"

namespace fer {
namespace {

// Accuracy is a mean, so its pseudo-values are the rows themselves: U t -
// (U - 1) t(-u) = sum y - sum_{i != u} y_i = y_u.
TEST(SeedVariance, OfAccuracyIsThatOfTheTableOfRightRows) {
  const Predictions one = marks("++-+-+"), two = marks("+++---");
  const std::vector<int64_t> groups = {0, 1, 2, 3, 4, 5};
  const VarianceSplit split =
      seed_variance({accuracy_statistic(one), accuracy_statistic(two)}, groups);
  const std::vector<Predictions> runs = {one, two};
  const VarianceSplit table = variance_split(runs);
  EXPECT_NEAR(split.seed, table.seed, 1e-12);
  EXPECT_NEAR(split.image, table.image, 1e-12);
  EXPECT_NEAR(split.rest, table.rest, 1e-12);
  EXPECT_NEAR(split.accuracy, (4.0 / 6 + 3.0 / 6) / 2, 1e-12);
}

TEST(SeedVariance, CountsAGroupOfCopiesAsOneImage) {
  const Predictions one = marks("++-+-+"), two = marks("+++---");
  const VarianceSplit split =
      seed_variance({accuracy_statistic(one), accuracy_statistic(two)},
                    std::vector<int64_t>{0, 0, 1, 1, 2, 3});
  EXPECT_EQ(split.images, 4u);
}

TEST(SeedVariance, NeedsTwoSeeds) {
  EXPECT_NE(error_text([] {
              seed_variance({accuracy_statistic(marks("+-"))},
                            std::vector<int64_t>{0, 1});
            }).find("[variance_split] expected two or more seeds"),
            std::string::npos);
}

}  // namespace
}  // namespace fer
