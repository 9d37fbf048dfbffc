// `ferbench run` with several seeds or all folds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/experiment_options.h"

namespace fer {

struct GroupOptions : ExperimentOptions {
  std::string out, device;
  int jobs = 0;
  bool json = false;
};

/// Runs what is not complete yet of seeds x folds, each in a folder of its own,
/// then joins folds, summarises and prints. The exit code.
int run_group(const GroupOptions& options, const std::vector<int64_t>& seeds,
              int folds);

}  // namespace fer
