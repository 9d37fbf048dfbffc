// A sweep file, read and checked.
#pragma once

#include <filesystem>
#include <vector>

#include "config/sweep_config.h"
#include "sweep/space.h"

namespace fer {

struct SweepPlan {
  /// `experiment` from the folder of the caller, `name` filled in.
  SweepConfig config;
  std::vector<Dimension> space;
  std::vector<TrialSettings> trials;
};

/// Reads `path` (and what it `extends`). ConfigError with all faults, one a
/// line, each with file:line:col: unknown keys, wrong types and ranges, a
/// metric that is not of the validation split, and those of read_space and
/// draw_trials.
SweepPlan load_sweep(const std::filesystem::path& path);

}  // namespace fer
