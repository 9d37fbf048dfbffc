// Whether predictions are still those that a run was scored from.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/json.h"

namespace fer {

/// Two SHA-256 that should be one: in metrics.json, and of the file.
struct HashDifference {
  std::string scored, found;
};

/// Compares predictions-<split>.csv in `run_dir` with the split's
/// `predictions_sha256` in `metrics`. Nothing where they agree, or where an old
/// run has no such key. DataError for a file that cannot be read.
std::optional<HashDifference> changed_predictions(
    const std::filesystem::path& run_dir, const Json& metrics,
    const std::string& split);

}  // namespace fer
