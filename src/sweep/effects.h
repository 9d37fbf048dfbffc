// Which settings of a sweep matter.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/callbacks_config.h"
#include "sweep/space.h"

namespace fer {

struct Effect {
  std::string setting;
  double share = 0;  ///< 0 to 1: of the order of the trials, explained by it
  std::string best;  ///< what the best quarter of the trials has
};

/// Per setting, the largest share first: (H - k + 1) / (n - k), at least 0,
/// with Kruskal and Wallis's H (tie-corrected) over k groups of n trials: the
/// values of a list, or the thirds of a range. Around 0 for a setting that does
/// nothing; a best value in the middle counts as well as one at an end. Trials
/// without a value are left out. Empty with fewer than 6 trials.
std::vector<Effect> setting_effects(
    const std::vector<Dimension>& space,
    const std::vector<TrialSettings>& trials,
    const std::vector<std::optional<double>>& values, Direction direction);

/// Kruskal and Wallis's H of `values` in `groups`, tie-corrected; 0 where all
/// values are equal.
double kruskal_wallis(const std::vector<double>& values,
                      const std::vector<size_t>& groups);

}  // namespace fer
