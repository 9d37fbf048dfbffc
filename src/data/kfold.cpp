#include "data/kfold.h"

#include <algorithm>

#include "core/error.h"
#include "data/deal.h"

namespace fer {

Split kfold_split(const ImageSet& images, const Rows& rows,
                  const SplitConfig& config, const Twins& twins) {
  if (config.fold < 0 || config.fold >= config.folds) {
    fail<DataError>(
        "[split] expected split.fold from 0 to {}; got {}. Choose one of the "
        "{} folds.",
        config.folds - 1, config.fold, config.folds);
  }
  const DealOptions options{.stratify = config.stratify, .group = twins.group};
  NumpyRandom random(static_cast<uint32_t>(config.seed));
  auto folds = deal_equal(images, rows, options,
                          static_cast<size_t>(config.folds), random);
  Split split;
  Rows rest;
  for (size_t k = 0; k < folds.size(); ++k) {
    if (k == static_cast<size_t>(config.fold)) {
      split.test = std::move(folds[k]);
    } else {
      rest.insert(rest.end(), folds[k].begin(), folds[k].end());
    }
  }
  std::ranges::sort(rest);
  // The same stream goes on: its state here is that of every fold.
  auto parts = deal_shares(images, rest, options, {config.validation}, random);
  split.train = std::move(parts[0]);
  split.val = std::move(parts[1]);
  return split;
}

}  // namespace fer
