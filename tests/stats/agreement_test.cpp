#include "stats/agreement.h"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/reference.h"

namespace fer {
namespace {

using Labels = std::vector<int64_t>;

TEST(CohenKappa, EqualsScikitLearn) {
  for (const Json& one : stats_reference("tests")["kappa"]) {
    const ConfusionMatrix matrix(integers(one["labels"]),
                                 integers(one["predicted"]), one["classes"]);
    expect_close(cohen_kappa(matrix), one["kappa"], one["classes"].dump());
  }
}

TEST(CohenKappa, ByHand) {
  // p_o = 3/4, p_e = (2 * 1 + 2 * 3) / 16 = 1/2
  EXPECT_EQ(cohen_kappa({Labels{0, 0, 1, 1}, Labels{0, 1, 1, 1}, 2}), 0.5);
  EXPECT_EQ(cohen_kappa({Labels{0, 1}, Labels{0, 1}, 2}), 1);
  EXPECT_EQ(cohen_kappa({Labels{0, 1}, Labels{1, 0}, 2}), -1);
  EXPECT_EQ(cohen_kappa({Labels{0, 1}, Labels{1, 1}, 2}), 0);
}

TEST(CohenKappa, IsUndefinedForOneClassAlone) {
  EXPECT_TRUE(std::isnan(cohen_kappa({Labels{1, 1}, Labels{1, 1}, 2})));
}

}  // namespace
}  // namespace fer
