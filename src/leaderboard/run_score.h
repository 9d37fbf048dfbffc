// What a run is worth: its test predictions, every score recomputed from them,
// and the proof that they are the ones it was scored from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "leaderboard/run_origin.h"
#include "metrics/predictions.h"

namespace fer {

struct RunScore {
  std::filesystem::path path;  ///< of the run folder
  RunOrigin origin;
  /// The object metrics_json() makes of `predictions`.
  Json scores;
  Predictions predictions;         ///< predictions-test.csv
  std::string predictions_sha256;  ///< of the bytes of that file
  /// Names the test images: SHA-256 of the class names and the sorted (id,
  /// label) pairs. Only runs with the same one can be compared image by image.
  std::string test_set;
  /// Rows that are not independent (row_groups), one number per row.
  std::vector<int64_t> groups;
};

/// Reads a run folder, old or new. DataError for
/// - a folder that is no run, or a run without test predictions or scores;
/// - predictions-test.csv that no longer has the SHA-256 of metrics.json's
///   `predictions_sha256` (test.predictions_sha256; runs before that key are
///   checked by the scores alone);
/// - a score in metrics.json that differs from the one recomputed from the
///   predictions by more than 1e-10;
/// - a test split of fewer than two different images.
RunScore read_run_score(const std::filesystem::path& run_dir);

/// The digest that RunScore::test_set holds.
std::string test_set_digest(const Predictions& predictions);

}  // namespace fer
