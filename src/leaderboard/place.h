// Where a run goes in runs.csv, and what forbids it.
#pragma once

#include <filesystem>
#include <vector>

#include "leaderboard/leaderboard.h"

namespace fer {

/// Puts `score` into the list by the rules of add_run(). DataError, with the
/// list unchanged, when they forbid it.
AddOutcome place_run(const std::filesystem::path& results,
                     std::vector<RunEntry>& entries, const RunScore& score,
                     const AddOptions& options);

}  // namespace fer
