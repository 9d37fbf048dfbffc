// The same experiment several times: with several seeds, or once per fold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "sweep/member_runner.h"

namespace fer {

struct SeedGroup {
  std::string name;              ///< of the experiment
  std::filesystem::path folder;  ///< runs/<name>
  std::vector<int64_t> seeds;    ///< empty: folds of one seed
  int folds = 0;                 ///< 0: no folds
  std::vector<Member> members;

  /// Folders that hold the scores of the members: their run folders, or
  /// out_of_fold where there are folds.
  std::vector<std::filesystem::path> scored() const;
};

/// The value that a run of `config` is watched by: what model_checkpoint
/// monitors, where that is one of the validation split; else val_loss.
std::string shown_metric(const Config& config);

/// `count` > 0: experiment.seed and those behind it; else experiment.seeds.
/// ConfigError for a seed that comes twice, or one that is too large.
std::vector<int64_t> chosen_seeds(const ExperimentConfig& experiment,
                                  int count);

/// data.split.folds for an experiment under the protocol kfold that nowhere
/// names its data.split.fold; else 0.
int folds_to_run(const std::filesystem::path& file,
                 const std::vector<std::string>& overrides);

/// Members seed-<s>, fold-<f>, or seed-<s>/fold-<f> of the experiment `file`
/// with `overrides`. `folder` empty: <runs>/<name>. Looks at what is there
/// already (look_at).
SeedGroup make_seed_group(const std::filesystem::path& file,
                          const std::vector<std::string>& overrides,
                          const std::vector<int64_t>& seeds, int folds,
                          const std::filesystem::path& folder);

/// group.json: what ran, in which state, and per split and score the mean, the
/// standard deviation and the interval over the scored folders that are
/// complete:
///   {"experiment", "seeds", "folds", "members": [{"name", "seed", "state",
///    "epochs", "seconds"}], "protocol", "leaky", "leaky_share", "summary":
///    {"test": {"n": images, "of": ["seed-42", ...], "accuracy": {"n", "mean",
///    "std", "interval": [low, high], "values": [...]}, "macro_f1", "auc"}}}
/// What is undefined is null; a score that one of them lacks is left out.
Json group_json(const SeedGroup& group);

/// The summary as tables.
std::string group_text(const Json& group);

}  // namespace fer
