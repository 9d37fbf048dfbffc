// results/runs.csv, the one truth of the leaderboard: which runs stand on it,
// where their folders are, and from which predictions they were scored. One
// row per run; everything else is made from it and the folders.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "leaderboard/run_score.h"

namespace fer {

/// A line of runs.csv.
struct RunEntry {
  std::string experiment, protocol, dataset, test_set;
  int64_t seed = 0;
  std::string run;  ///< stored_path() of the run folder
  std::string predictions_sha256;
  std::string started;  ///< environment.json's; "" when unknown
  std::string added;    ///< UTC
  std::string fingerprint, image_shape;  ///< see RunOrigin
  /// The columns behind, for readers: model, leak, every score, what it cost.
  std::vector<std::string> details;

  /// Same experiment, protocol, data set, test images and seed.
  bool same_place(const RunEntry& other) const;
  std::filesystem::path folder(const std::filesystem::path& results) const;
};

/// The line of a run as it is now.
RunEntry entry_of(const std::filesystem::path& results, const RunScore& score);

/// DataError with path, line and way out for another or a damaged file; none
/// when there is no file.
std::vector<RunEntry> read_run_list(const std::filesystem::path& results);

/// Writes the file whole. The caller holds the lock (leaderboard.h).
void write_run_list(const std::filesystem::path& results,
                    const std::vector<RunEntry>& entries);

}  // namespace fer
