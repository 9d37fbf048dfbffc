// How far a run has come, read from its folder while it runs or afterwards.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/sections.h"

namespace fer {

struct RunState {
  bool begun = false;     ///< it can be resumed
  bool complete = false;  ///< trained, scored and reported as its config says
  int epoch = 0;          ///< complete epochs
  double seconds = 0;     ///< of these epochs
  std::optional<double> best;  ///< of the metric, in its direction; never NaN
  int best_epoch = 0;          ///< 0: none

  double epoch_seconds() const { return epoch > 0 ? seconds / epoch : 0; }
};

/// The state of `run_dir` as a run of `config`; `metric` is a column of
/// history.csv with a direction. With `until_epoch` > 0 later epochs do not
/// count for `best`. A folder that is missing or empty is a run that has not
/// begun. DataError for a damaged history.csv.
RunState read_run_state(const std::filesystem::path& run_dir,
                        const Config& config, const std::string& metric,
                        int until_epoch = 0);

/// Takes away what a run killed in its first moment has left (a half-written
/// config.yaml), so that the folder is new again. Nothing else is touched.
void clear_unborn(const std::filesystem::path& run_dir);

/// Settings of `asked` that differ from those that the run in `run_dir` began
/// with, those left out that may (where it runs: device, threads, caches).
std::vector<std::string> changed_settings(const std::filesystem::path& run_dir,
                                          Config asked);

}  // namespace fer
