// Whether a published table can be true: do counts TP, FP, FN, TN exist whose
// ratios print as the stated accuracy, precision, recall, F1 and specificity,
// all at once? Exact integer arithmetic. A ratio 0 / 0 counts as 0, as in
// scikit-learn.
#pragma once

#include <cstdint>
#include <optional>

#include "reproduce/rounding.h"

namespace fer {

/// Scores of one class (the positive one) against the rest.
struct ScoreBounds {
  std::optional<Bounds> accuracy;     ///< (TP + TN) / all
  std::optional<Bounds> precision;    ///< TP / (TP + FP)
  std::optional<Bounds> recall;       ///< TP / (TP + FN), sensitivity
  std::optional<Bounds> specificity;  ///< TN / (TN + FP)
  std::optional<Bounds> f1;           ///< 2 TP / (2 TP + FP + FN)
};

/// Counts of one class against the rest.
struct BinaryCounts {
  int64_t tp = 0, fp = 0, fn = 0, tn = 0;
};

/// All tables of counts that fit. `low` and `high` bound each cell on its own;
/// `example` is one table, from the middle of the list.
struct Feasibility {
  int64_t count = 0;
  BinaryCounts low, high, example;

  bool possible() const { return count > 0; }
};

/// Tables of `total` images, `positives` of them of the positive class (any
/// number where it is not known). DataError unless 1 <= total <= 10^7,
/// 0 <= positives <= total, and total <= 50,000 without `positives`.
Feasibility feasible(const ScoreBounds& scores, int64_t total,
                     std::optional<int64_t> positives = {});

/// The fewest images, up to `limit`, for which feasible() finds a table.
std::optional<int64_t> smallest_total(const ScoreBounds& scores, int64_t limit);

}  // namespace fer
