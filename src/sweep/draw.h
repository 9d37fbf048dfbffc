// From a space to trials.
#pragma once

#include <cstdint>
#include <vector>

#include "config/sweep_config.h"
#include "sweep/space.h"

namespace fer {

inline constexpr size_t kMaxTrials = 10'000;

/// The value of `dimension` in draw number `draw`: a function of the seed, the
/// draw and the name of the setting alone, so that a sweep that is resumed, has
/// more trials, or another setting in its space draws the same. Numbers are
/// rounded to four digits, more where the bounds share their first ones.
std::string draw_value(const Dimension& dimension, uint64_t seed,
                       uint32_t draw);

/// random: `config.trials` different draws (fewer where the space has no more);
/// grid: every combination, the last setting changing fastest. ConfigError for
/// a grid over ranges, or one of more than kMaxTrials trials.
std::vector<TrialSettings> draw_trials(const SweepConfig& config,
                                       const std::vector<Dimension>& space);

}  // namespace fer
