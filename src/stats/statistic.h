// Scores as functions of how often each row counts: a resample is then a list
// of weights, and one score of it is one pass over the rows.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "metrics/predictions.h"

namespace fer {

/// A score of the rows, row i counted weights[i] >= 0 times (fractions too).
/// Only the shares matter: twice all weights is the same score. NaN: undefined
/// on these rows. Called from several threads at once.
using Statistic = std::function<double(std::span<const double> weights)>;

/// Each keeps what it needs of `predictions`, checks it (check_predictions)
/// and throws DataError for no rows or a class that there is not. With all
/// weights 1 it equals metrics.json.
///
/// `zero_division` is the value of 0 / 0, as in class_scores(); a class that a
/// resample leaves without images and predictions counts with it.
Statistic accuracy_statistic(const Predictions& predictions);
Statistic macro_f1_statistic(const Predictions& predictions,
                             double zero_division = 0);
Statistic f1_statistic(const Predictions& predictions, size_t class_index,
                       double zero_division = 0);
Statistic precision_statistic(const Predictions& predictions,
                              size_t class_index, double zero_division = 0);
Statistic recall_statistic(const Predictions& predictions, size_t class_index,
                           double zero_division = 0);
/// Mean recall of the classes that have images.
Statistic balanced_accuracy_statistic(const Predictions& predictions);
/// Matthews correlation coefficient; 0 where it is undefined.
Statistic mcc_statistic(const Predictions& predictions);
/// Cohen's kappa; NaN where it is undefined (see agreement.h).
Statistic kappa_statistic(const Predictions& predictions);

/// Area under the ROC curve of one class against the rest; ties count one
/// half. NaN unless both sides have weight.
Statistic auc_statistic(const Predictions& predictions, size_t class_index);
/// Plain mean of auc_statistic over all classes: `auc` of metrics.json for
/// more than two classes. NaN as soon as one class has no images.
Statistic macro_auc_statistic(const Predictions& predictions);

/// Mean -log p of the true class, clipped as in log_loss(); lower is better.
Statistic log_loss_statistic(const Predictions& predictions);

/// The plain mean of any number per row; DataError for no values or NaN.
Statistic mean_statistic(std::span<const double> values);

}  // namespace fer
