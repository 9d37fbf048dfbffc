// Cross-validation: k folds, each the test set once.
#pragma once

#include "config/sections.h"
#include "data/image_set.h"
#include "data/split.h"
#include "data/split_rows.h"

namespace fer {

/// config.folds equal folds of `rows`, twins together and class shares kept;
/// fold config.fold is the test, config.validation of the others validation,
/// the rest train. The folds do not depend on config.fold: over all of them
/// each row is tested once. DataError: fold not in [0, folds).
Split kfold_split(const ImageSet& images, const Rows& rows,
                  const SplitConfig& config, const Twins& twins);

}  // namespace fer
