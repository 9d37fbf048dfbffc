// The parts of check_settings(), one a subject.
#pragma once

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "config/sections.h"

namespace fer {

/// (setting, message); the message opens with the setting and names every other
/// one that it speaks of in full.
using SettingFaults = std::vector<std::pair<std::string, std::string>>;

void check_experiment(const Config& config, SettingFaults& faults);
void check_data(const Config& config, SettingFaults& faults);
void check_training(const Config& config, SettingFaults& faults);
void check_callbacks(const Config& config, SettingFaults& faults);

/// add(faults, "train.epochs", "is {}; ...", n) -> "train.epochs is 3; ...".
template <class... Args>
void add_fault(SettingFaults& faults, const std::string& key,
               fmt::format_string<Args...> format, Args&&... args) {
  faults.emplace_back(
      key, key + " " + fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace fer
