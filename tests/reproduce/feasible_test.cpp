#include "reproduce/feasible.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/temporary_folder.h"
#include "reproduce_cases.h"

namespace fer {
namespace {

/// Every table of `total` images tried in turn, each ratio on its own.
Feasibility by_force(const ScoreBounds& scores, int64_t total,
                     std::optional<int64_t> positives) {
  const auto inside = [](const std::optional<Bounds>& bounds, int64_t k,
                         int64_t n) {
    return !bounds || bounds->contains(n == 0 ? 0 : k, n == 0 ? 1 : n);
  };
  Feasibility found;
  for (int64_t p = positives.value_or(0); p <= positives.value_or(total); ++p) {
    for (int64_t tp = 0; tp <= p; ++tp) {
      for (int64_t fp = 0; fp <= total - p; ++fp) {
        const BinaryCounts c{tp, fp, p - tp, total - p - fp};
        if (!inside(scores.accuracy, c.tp + c.tn, total) ||
            !inside(scores.precision, c.tp, c.tp + c.fp) ||
            !inside(scores.recall, c.tp, p) ||
            !inside(scores.specificity, c.tn, total - p) ||
            !inside(scores.f1, 2 * c.tp, 2 * c.tp + c.fp + c.fn))
          continue;
        if (found.count++ == 0) found.low = found.high = c;
        for (auto cell : {&BinaryCounts::tp, &BinaryCounts::fp,
                          &BinaryCounts::fn, &BinaryCounts::tn}) {
          found.low.*cell = std::min(found.low.*cell, c.*cell);
          found.high.*cell = std::max(found.high.*cell, c.*cell);
        }
      }
    }
  }
  return found;
}

void expect_equal(const Feasibility& a, const Feasibility& b,
                  const std::string& what) {
  ASSERT_EQ(a.count, b.count) << what;
  for (auto cell : {&BinaryCounts::tp, &BinaryCounts::fp, &BinaryCounts::fn,
                    &BinaryCounts::tn}) {
    EXPECT_EQ(a.low.*cell, b.low.*cell) << what;
    EXPECT_EQ(a.high.*cell, b.high.*cell) << what;
  }
}

TEST(Feasible, AgreesWithTryingEveryTable) {
  const char* texts[] = {"", "0.0", "0.4", "0.50", "0.67", "0.9", "1.0"};
  size_t possible = 0;
  for (int i = 0; i < 7 * 7 * 7 * 7; ++i) {
    const char* at[] = {texts[i % 7], texts[i / 7 % 7], texts[i / 49 % 7],
                        texts[i / 343]};
    const auto rule = static_cast<Rounding>(i % 4);
    const ScoreBounds scores = score_bounds(
        {.accuracy = at[0], .precision = at[1], .recall = at[2], .f1 = at[3]},
        rule);
    const std::string what = std::string(at[0]) + " " + at[1] + " " + at[2] +
                             " " + at[3] + " " + rounding_name(rule);
    const int64_t total = 5 + i % 9;
    expect_equal(feasible(scores, total), by_force(scores, total, {}), what);
    const int64_t positives = i % (total + 1);
    const Feasibility known = feasible(scores, total, positives);
    expect_equal(known, by_force(scores, total, positives), what);
    possible += known.possible();
  }
  EXPECT_GT(possible, 50u);
}

TEST(Feasible, AgreesOnSpecificity) {
  for (const char* specificity : {"0.0", "0.5", "0.75", "1.0"}) {
    for (int64_t total = 1; total <= 12; ++total) {
      for (int64_t positives = 0; positives <= total; ++positives) {
        const ScoreBounds scores =
            score_bounds({.precision = "0.5", .specificity = specificity});
        expect_equal(feasible(scores, total, positives),
                     by_force(scores, total, positives), specificity);
      }
    }
  }
}

TEST(Feasible, TheExampleFits) {
  const ScoreBounds scores = score_bounds({.accuracy = "0.94",
                                           .precision = "0.90",
                                           .recall = "0.98",
                                           .f1 = "0.94"});
  const BinaryCounts c = feasible(scores, 1798, 897).example;
  EXPECT_EQ(c.tp + c.fn, 897);
  EXPECT_EQ(c.fp + c.tn, 901);
  EXPECT_TRUE(scores.accuracy->contains(c.tp + c.tn, 1798));
  EXPECT_TRUE(scores.precision->contains(c.tp, c.tp + c.fp));
  EXPECT_TRUE(scores.recall->contains(c.tp, 897));
  EXPECT_TRUE(scores.f1->contains(2 * c.tp, 2 * c.tp + c.fp + c.fn));
}

/// The report's rows: 897 sad and 901 happy images; counts of tables from
/// tests/reference/published_tables.py, which tries each with fractions.
struct ReportRow {
  const char *accuracy, *precision, *recall, *f1;
  int64_t sad_tables, happy_tables;
  int64_t tp_low, tp_high, fp_low, fp_high;
};

TEST(Feasible, TheReportsTablesCanBeTrue) {
  const ReportRow rows[] = {
      {"0.94", "0.90", "0.98", "0.94", 56, 52, 875, 883, 92, 102},
      {"0.96", "0.94", "0.98", "0.96", 86, 84, 875, 883, 51, 61},
      {"0.92", "0.92", "0.92", "0.92", 88, 88, 821, 829, 67, 77},
      {"0.90", "0.90", "0.91", "0.90", 49, 46, 812, 820, 86, 96}};
  for (const ReportRow& row : rows) {
    const ScoreBounds scores = score_bounds({.accuracy = row.accuracy,
                                             .precision = row.precision,
                                             .recall = row.recall,
                                             .f1 = row.f1});
    const Feasibility sad = feasible(scores, 1798, 897);
    EXPECT_EQ(sad.count, row.sad_tables);
    EXPECT_EQ(sad.low.tp, row.tp_low);
    EXPECT_EQ(sad.high.tp, row.tp_high);
    EXPECT_EQ(sad.low.fp, row.fp_low);
    EXPECT_EQ(sad.high.fp, row.fp_high);
    EXPECT_EQ(feasible(scores, 1798, 901).count, row.happy_tables);
  }
}

// Recall .98 of 897 needs TP >= 875; precision .90 then FP >= 92; so at most
// 875 + 901 - 92 + 8 + 8 = 1,692 of 1,798 are right: .941, never .96.
TEST(Feasible, RefusesAnAccuracyThatTheOthersExclude) {
  EXPECT_FALSE(
      feasible(score_bounds(
                   {.accuracy = "0.96", .precision = "0.90", .recall = "0.98"}),
               1798, 897)
          .possible());
}

// One image, right: accuracy 1. Precision 0/0 counts as 0 when it is negative.
TEST(Feasible, CountsZeroDividedByZeroAsZero) {
  const Feasibility none =
      feasible(score_bounds({.accuracy = "1.0", .precision = "0.0"}), 1, 0);
  EXPECT_EQ(none.count, 1);
  EXPECT_EQ(none.example.tn, 1);
  EXPECT_FALSE(
      feasible(score_bounds({.accuracy = "1.0", .precision = "1.0"}), 1, 0)
          .possible());
}

TEST(Feasible, RefusesSizesThatMakeNoSense) {
  const ScoreBounds scores = score_bounds({.precision = "0.9"});
  EXPECT_EQ(error_text([&] { feasible(scores, 0); }),
            "[feasible] expected 1 to 10000000 images; got 0.");
  EXPECT_EQ(error_text([&] { feasible(scores, 5, 6); }),
            "[feasible] expected 0 to 5 positive images, the test's size; got "
            "6.");
  EXPECT_EQ(error_text([&] { feasible(scores, 60'000); }),
            "[feasible] expected the number of positive images, or at most "
            "50000 images in all; got 60000. Give the size of each class.");
}

// 0.67 needs thirds: 2/3. With recall 0.67 alone three images are the fewest.
TEST(SmallestTotal, FindsTheFewestImages) {
  EXPECT_EQ(smallest_total(score_bounds({.recall = "0.67"}), 10), 3);
  EXPECT_EQ(smallest_total(score_bounds({.recall = "0.67"}), 2), std::nullopt);
}

}  // namespace
}  // namespace fer
