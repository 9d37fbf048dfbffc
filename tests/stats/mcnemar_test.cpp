#include "stats/mcnemar.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "stats/distributions.h"
#include "stats/reference.h"

namespace fer {
namespace {

TEST(McNemarTest, EqualsStatsmodelsAndTheMidPFormula) {
  for (const Json& row : stats_reference("tests")["mcnemar"]) {
    const int64_t a = row[0], b = row[1];
    const McNemar test = mcnemar(a, b);
    const auto exact = row[2].get<double>(), mid = row[3].get<double>();
    EXPECT_NEAR(test.exact_p / exact, 1, 1e-9) << row.dump();
    EXPECT_NEAR(test.mid_p / mid, 1, 1e-9) << row.dump();
    const McNemar mirrored = mcnemar(b, a);
    EXPECT_EQ(mirrored.exact_p, test.exact_p);
    EXPECT_EQ(mirrored.mid_p, test.mid_p);
  }
}

TEST(McNemarTest, OfFagerlandsTable1) {
  // Bentur et al.: 1 against 7. Exact 2 (1 + 8) / 256, mid-p less 8 / 256.
  const McNemar test = mcnemar(1, 7);
  EXPECT_NEAR(test.exact_p, 18 / 256.0, 1e-15);
  EXPECT_NEAR(test.mid_p, 10 / 256.0, 1e-15);
}

TEST(McNemarTest, EqualCountsAreNoDifference) {
  for (const int64_t n : {0, 1, 7, 5000}) {
    EXPECT_EQ(mcnemar(n, n).exact_p, 1);
    EXPECT_EQ(mcnemar(n, n).mid_p, 1);
  }
}

TEST(McNemarTest, CountsTheRowsOnWhichOneAloneIsRight) {
  const McNemar test = mcnemar({true, true, true, false, false},
                               {true, false, false, true, false});
  EXPECT_EQ(test.only_a, 2);
  EXPECT_EQ(test.only_b, 1);
}

// Chances of p <= 0.05 for equal models, given n images on which one alone is
// right.
struct Sizes {
  double exact = 0, mid = 0;
};
Sizes sizes(int64_t n) {
  Sizes size;
  for (int64_t k = 0; k <= n; ++k) {
    const McNemar test = mcnemar(k, n - k);
    if (test.exact_p <= 0.05) size.exact += binomial_pmf(k, n, 0.5);
    if (test.mid_p <= 0.05) size.mid += binomial_pmf(k, n, 0.5);
  }
  return size;
}

TEST(McNemarTest, ExactIsTimidAndMidPIsNearItsLevelOverAll) {
  for (const int64_t images : {20, 50, 100}) {
    for (const double differ : {0.1, 0.2, 0.3, 0.5, 0.8}) {
      Sizes all;
      for (int64_t n = 0; n <= images; ++n) {
        const Sizes size = sizes(n);
        EXPECT_LE(size.exact, 0.05);
        EXPECT_GE(size.mid, size.exact);
        all.exact += binomial_pmf(n, images, differ) * size.exact;
        all.mid += binomial_pmf(n, images, differ) * size.mid;
      }
      EXPECT_LE(all.exact, 0.04) << images << " images, " << differ;
      EXPECT_LE(all.mid, 0.0505) << images << " images, " << differ;
    }
  }
}

TEST(McNemarTest, RejectsOtherRows) {
  EXPECT_EQ(error_text([] {
              mcnemar({true}, {true, false});
            }),
            "[mcnemar] expected the same images for both models; got 1 and 2 "
            "rows. Match them first.");
  EXPECT_EQ(
      error_text([] { mcnemar(std::vector<bool>{}, std::vector<bool>{}); }),
      "[mcnemar] expected at least one image; got none. Is the split "
      "empty?");
  EXPECT_EQ(error_text([] { mcnemar(-1, 2); }),
            "[mcnemar] expected counts of 0 or more; got -1 and 2.");
}

}  // namespace
}  // namespace fer
