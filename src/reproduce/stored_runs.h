// Finding the run folders of an experiment and reading them, checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "report/run_files.h"

namespace fer {

/// A folder with config.yaml and metrics.json, or what all folds of a run say
/// together (out_of_fold/).
struct StoredRun {
  std::filesystem::path path;
  std::string experiment;  ///< experiment.name
  int64_t seed = 0;        ///< experiment.seed
};

/// All run folders under `roots`, at most five levels down, in order of path
/// within each root; of two with one experiment and seed the one with more
/// predicted splits, else the first. A root that is not there is passed over.
/// ConfigError for a config.yaml that cannot be read.
std::vector<StoredRun> find_runs(
    const std::vector<std::filesystem::path>& roots);

/// The runs of one experiment, one a seed, seeds rising.
struct ExperimentRuns {
  std::string experiment;
  std::vector<int64_t> seeds;
  std::vector<RunFiles> runs;

  bool empty() const { return runs.empty(); }
  /// Share of test rows that stand in training, the largest of the runs; 0 for
  /// those that say nothing.
  double leaky_share() const;
};

/// The first of `names` that has runs. DataError when a run's predictions are
/// not those that its metrics.json was computed from (SHA-256 where it stands
/// there, the confusion matrix always), or when two seeds have other classes or
/// other images in a split.
ExperimentRuns load_experiment(const std::vector<StoredRun>& stored,
                               const std::vector<std::string>& names);

}  // namespace fer
