#include "config/check.h"

#include <algorithm>
#include <cctype>

#include "config/config.h"
#include "config/faults.h"

namespace fer {

namespace {

void check_evaluate(const Config& config, SettingFaults& faults) {
  static const std::vector<std::string> kSplits = {"train", "val", "test"};
  const std::string key = "evaluate.splits";
  std::vector<std::string> seen;
  for (const std::string& split : config.evaluate.splits) {
    if (std::ranges::count(kSplits, split) == 0) {
      const std::string hint = split == "validation"
                                   ? "; did you mean val?"
                                   : suggestion(split, kSplits);
      add_fault(faults, key, "expected train, val or test; got {}{}",
                in_quotes(split), hint.empty() ? "." : hint);
    } else if (std::ranges::count(seen, split) > 0) {
      add_fault(faults, key, "names {} twice. Keep one.", split);
    }
    seen.push_back(split);
  }
  if (config.evaluate.checkpoint == CheckpointKind::kBest &&
      !config.callbacks.model_checkpoint) {
    add_fault(faults, "evaluate.checkpoint",
              "= best, but callbacks.model_checkpoint is off: nobody keeps the "
              "best weights. Write last, or switch it on.");
  }
}

void check_positive_class(const Config& config, SettingFaults& faults) {
  const std::string& positive = config.evaluate.positive_class;
  const std::vector<std::string>& classes = config.data.classes;
  if (positive.empty() || classes.empty()) return;
  if (classes.size() != 2) {
    add_fault(faults, "evaluate.positive_class",
              "= {} needs two classes, but data.classes has {}. Remove it.",
              in_quotes(positive), classes.size());
  } else if (std::ranges::count(classes, positive) == 0) {
    add_fault(faults, "evaluate.positive_class",
              "= {} is not in data.classes. Write {}.", in_quotes(positive),
              alternatives(classes));
  }
}

}  // namespace

void check_experiment(const Config& config, SettingFaults& faults) {
  const std::string& name = config.experiment.name;
  const bool plain = name.find_first_of("/\\") == std::string::npos &&
                     !name.starts_with('.') &&
                     std::ranges::none_of(name, [](char c) {
                       return std::iscntrl(static_cast<unsigned char>(c));
                     });
  if (!plain) {
    add_fault(faults, "experiment.name",
              "= {} cannot name a folder. Use letters, digits, - and _.",
              in_quotes(name));
  }
  check_evaluate(config, faults);
  check_positive_class(config, faults);
}

SettingFaults check_settings(const Config& config) {
  SettingFaults faults;
  check_experiment(config, faults);
  check_data(config, faults);
  check_training(config, faults);
  check_callbacks(config, faults);
  return faults;
}

}  // namespace fer
