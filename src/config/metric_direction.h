// Which way each metric of history.csv gets better.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/callbacks_config.h"

namespace fer {

/// kMin for losses, kMax for accuracies; nothing for a name that cannot be
/// monitored (learning_rate, seconds, or no column at all).
std::optional<Direction> metric_direction(std::string_view name);

/// train_loss, train_accuracy, val_loss, val_accuracy.
const std::vector<std::string>& monitorable_metrics();

}  // namespace fer
