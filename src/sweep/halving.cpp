#include "sweep/halving.h"

#include <algorithm>

#include "core/error.h"

namespace fer {

std::vector<Rung> make_rungs(size_t trials, int epochs,
                             const std::optional<HalvingConfig>& halving) {
  if (!halving) return {{epochs, trials}};
  if (halving->first_epoch >= epochs) {
    fail<ConfigError>(
        "[sweep] expected halving.first_epoch below train.epochs = {}; got {}. "
        "Make it smaller, or write halving: null.",
        epochs, halving->first_epoch);
  }
  std::vector<Rung> rungs;
  const auto eta = static_cast<size_t>(halving->eta);
  for (int64_t epoch = halving->first_epoch; epoch < epochs && trials > 1;
       epoch *= halving->eta) {
    rungs.push_back({static_cast<int>(epoch), trials});
    trials = std::max<size_t>(1, trials / eta);
  }
  rungs.push_back({epochs, trials});
  return rungs;
}

std::vector<size_t> ranked(const std::vector<std::optional<double>>& values,
                           std::vector<size_t> candidates,
                           Direction direction) {
  const auto better = [&](size_t a, size_t b) {
    if (!values[a] || !values[b]) return values[a] && !values[b];
    return direction == Direction::kMin ? *values[a] < *values[b]
                                        : *values[a] > *values[b];
  };
  std::ranges::sort(candidates);
  std::ranges::stable_sort(candidates, better);
  return candidates;
}

}  // namespace fer
