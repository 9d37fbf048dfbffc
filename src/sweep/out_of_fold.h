// k folds as one test set: each image was predicted by the model that had not
// seen it.
#pragma once

#include <filesystem>
#include <vector>

#include "config/evaluate_config.h"
#include "core/json.h"

namespace fer {

/// Joins the test predictions of finished fold runs, in their order, into
/// `folder`: predictions-test.csv, metrics.json (`test` from all rows at once;
/// what the folds share, and "folds") and audit.json (counts of copies across
/// train and test added up, their share over all rows). Gives metrics.json
/// back. DataError for folds with other classes, or an image in two folds.
Json join_folds(const std::vector<std::filesystem::path>& folds,
                const std::filesystem::path& folder,
                const EvaluateConfig& evaluate);

}  // namespace fer
