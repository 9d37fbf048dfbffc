// The scores that runs are compared in, as functions of weighted rows.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compare/lineup.h"
#include "stats/statistic.h"

namespace fer {

struct CompareMetric {
  std::string_view name;   ///< "macro_f1", as in metrics.json
  std::string_view title;  ///< "macro F1"
  bool lower_is_better;
  bool share;                      ///< shown in per cent, differences in points
  double lowest = 0, highest = 1;  ///< what it can be
};

/// accuracy, balanced_accuracy, macro_f1, mcc, auc, log_loss, brier, ece.
std::span<const CompareMetric> compare_metrics();

/// DataError with the nearest name, or all of them.
const CompareMetric& compare_metric(std::string_view name);

/// Whether `value` of the metric is better than `other`.
bool is_better(const CompareMetric& metric, double value, double other);

/// The score of one table; equals metrics.json for weights 1. `positive` and
/// `zero_division` as in Lineup. NaN for an AUC of classes without images.
Statistic metric_statistic(const CompareMetric& metric,
                           const Predictions& predictions, size_t positive,
                           double zero_division);

/// Mean over the seeds of an entry.
Statistic entry_statistic(const CompareMetric& metric, const Lineup& lineup,
                          size_t entry);

/// Expected calibration error, 15 bins of equal width, as reliability().
Statistic ece_statistic(const Predictions& predictions);

/// The plain mean of statistics of the same rows; one or more.
Statistic mean_of(std::vector<Statistic> statistics);

/// The value on the rows as they are.
double value_of(const Statistic& statistic, size_t rows);

}  // namespace fer
