#include "callbacks/callback.h"

namespace fer {

const std::vector<std::string>& EpochLogs::columns() {
  static const std::vector<std::string> kColumns = {
      "epoch",        "train_loss",    "train_accuracy", "val_loss",
      "val_accuracy", "learning_rate", "seconds",        "images_per_second"};
  return kColumns;
}

std::optional<double> EpochLogs::value(std::string_view name) const {
  const double values[] = {static_cast<double>(epoch),
                           train_loss,
                           train_accuracy,
                           val_loss,
                           val_accuracy,
                           learning_rate,
                           seconds,
                           images_per_second};
  for (size_t i = 0; i < columns().size(); ++i) {
    if (columns()[i] == name) return values[i];
  }
  return std::nullopt;
}

}  // namespace fer
