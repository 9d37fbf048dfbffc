// Successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943): all
// trials train a little, the best go on. Rungs are decided when all trials of
// one have come to it, so that the outcome depends on their values alone, not
// on how many run at once or which is faster.
#pragma once

#include <optional>
#include <vector>

#include "config/callbacks_config.h"
#include "config/sweep_config.h"

namespace fer {

struct Rung {
  int epochs;     ///< complete epochs at which it is decided
  size_t trials;  ///< that come to it
};

/// first_epoch, first_epoch * eta, ... with 1, 1/eta, 1/eta^2, ... of the
/// trials (rounded down, at least one) while there are several; the last rung
/// is the whole training. Without `halving` that is the only one. ConfigError
/// when first_epoch is not below `epochs`.
std::vector<Rung> make_rungs(size_t trials, int epochs,
                             const std::optional<HalvingConfig>& halving);

/// `candidates` (indices into `values`), the best first. No value is worse than
/// any; of equal ones the smaller index comes first.
std::vector<size_t> ranked(const std::vector<std::optional<double>>& values,
                           std::vector<size_t> candidates, Direction direction);

}  // namespace fer
