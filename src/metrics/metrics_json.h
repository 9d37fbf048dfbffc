// One object of metrics.json: every score of a split, from its predictions
// alone. The tables (tables.h), the leaderboard and the report read it back.
#pragma once

#include <string>

#include "core/json.h"
#include "metrics/predictions.h"

namespace fer {

/// Keys: n, accuracy, accuracy_interval [low, high] (Wilson, 95 %),
/// balanced_accuracy, macro_precision, macro_recall, macro_f1,
/// weighted_precision, weighted_recall, weighted_f1, mcc, log_loss, brier,
/// brier_kind ("binary" or "multiclass_sum", see probability.h), auc,
/// auc_from_hard_labels, average_precision, positive_class, zero_division,
/// class_names, confusion_matrix (rows = true), classes: {name: {precision,
/// recall, f1, specificity, support, auc, average_precision}}.
///
/// What is undefined is null. auc, auc_from_hard_labels and average_precision
/// are those of the positive class for K = 2, else the plain mean of all
/// classes, each against the rest: null as soon as one class has no images.
///
/// `positive_class` (K = 2): a class name, or "" for label 1. For K > 2 it is
/// null in the object, and "" is the one value allowed. Throws DataError for
/// another value, no images, or what check_predictions and class_scores reject.
Json metrics_json(const Predictions& predictions,
                  const std::string& positive_class, double zero_division);

}  // namespace fer
