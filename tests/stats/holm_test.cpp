#include "stats/holm.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "stats/reference.h"

namespace fer {
namespace {

using P = std::vector<double>;

TEST(Holm, EqualsStatsmodels) {
  for (const Json& one : stats_reference("tests")["holm"]) {
    const P adjusted = holm(numbers(one["p"]));
    const P expected = numbers(one["adjusted"]);
    ASSERT_EQ(adjusted.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(adjusted[i], expected[i], 1e-15);
  }
}

TEST(Holm, ByHand) {
  // Sorted 0.01, 0.02, 0.03 -> 3 * 0.01, 2 * 0.02, max(0.04, 0.03).
  const P adjusted = holm(P{0.03, 0.01, 0.02});
  EXPECT_DOUBLE_EQ(adjusted[0], 0.04);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.04);
  EXPECT_EQ(holm(P{0.6, 0.7}), (P{1, 1}));
}

TEST(Holm, OfOneIsItselfAndOfNoneNone) {
  EXPECT_EQ(holm(P{0.03}), P{0.03});
  EXPECT_TRUE(holm({}).empty());
}

TEST(Holm, RejectsWhatIsNoP) {
  EXPECT_EQ(error_text([] {
              holm(P{0.1, 1.1});
            }),
            "[holm] expected p-values in [0, 1]; got 1.1 (place 1).");
  EXPECT_EQ(error_text([] { holm(P{std::nan("")}); }),
            "[holm] expected p-values in [0, 1]; got nan (place 0).");
}

}  // namespace
}  // namespace fer
