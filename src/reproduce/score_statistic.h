// The scores of published tables as statistics of a run's predictions.
#pragma once

#include <string>

#include "stats/statistic.h"

namespace fer {

/// `metric` is one of published_metrics() but for the parameters; `positive`
/// the class that it speaks of, "" for all classes (accuracy, log_loss, and
/// plain means over the classes of the others). DataError, naming `where`, for
/// a class that the predictions do not have or that has no images.
Statistic score_statistic(const Predictions& predictions,
                          const std::string& metric,
                          const std::string& positive,
                          const std::string& where);

/// Whether smaller is better.
bool lower_is_better(const std::string& metric);

}  // namespace fer
