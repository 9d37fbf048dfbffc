#include "config/metric_direction.h"

namespace fer {

std::optional<Direction> metric_direction(std::string_view name) {
  if (name == "train_loss" || name == "val_loss") return Direction::kMin;
  if (name == "train_accuracy" || name == "val_accuracy") {
    return Direction::kMax;
  }
  return std::nullopt;
}

const std::vector<std::string>& monitorable_metrics() {
  static const std::vector<std::string> names = {"train_loss", "train_accuracy",
                                                 "val_loss", "val_accuracy"};
  return names;
}

}  // namespace fer
