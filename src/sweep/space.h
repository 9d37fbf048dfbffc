// The space of a sweep: what each setting may be.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/tree.h"

namespace fer {

/// One setting of the space.
struct Dimension {
  enum class Kind { kChoice, kUniform, kLogUniform, kInteger };

  std::string setting;  ///< "optimizer.learning_rate"
  std::string where;    ///< "file:line:col"
  Kind kind = Kind::kChoice;
  std::vector<std::string> choices{};  ///< YAML of each
  double low = 0, high = 0;            ///< of the others, both included
};

/// What one trial sets: (setting, YAML of its value), in the order of the file.
using TrialSettings = std::vector<std::pair<std::string, std::string>>;

/// Reads
///   space:
///     optimizer.learning_rate: {log_uniform: [1e-4, 1e-2]}
///     model.dropout: {choice: [[0.2, 0.2], [0.5, 0.5]]}
///     train.batch_size: [32, 64]          # short for {choice: [32, 64]}
///     callbacks.ema.decay: {uniform: [0.9, 0.999]}
///     augment.cutout_size: {int: [2, 12]}
/// Faults: settings that do not exist, values of another type or out of range,
/// bounds in the wrong order, and settings that would change what is measured
/// (refused_setting).
std::vector<Dimension> read_space(const YamlNode& node, Faults& faults);

/// Why a sweep must not vary `setting`, or "". What the validation split and
/// the classes are must stay, else trials cannot be compared; the test split
/// must stay unseen; and the best of many seeds is luck.
std::string refused_setting(const std::string& setting);

/// YAML on one line, as `-s setting=...` takes it.
std::string flow_text(const YamlNode& node);

}  // namespace fer
