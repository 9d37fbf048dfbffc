// What the verbs that train one run share: `run` and `pretrain`.
#pragma once

#include <filesystem>
#include <string>

#include "cli/run_group.h"
#include "data/image_set.h"
#include "data/split.h"
#include "train/trainer.h"

namespace fer {

/// The options of a verb that trains.
struct TrainingOptions : GroupOptions {
  bool resume = false, dry_run = false, print_config = false;

  /// EXPERIMENT, -s, --quiet, --out, --resume, --device, --dry-run and
  /// --print-config.
  void add_to(CLI::App& verb);
  /// The experiment on the device that was asked for.
  Config load() const;
};

/// With --resume the settings that the run in --out began with. ConfigError
/// where --out is missing or other settings are asked for: the folder would no
/// longer say what was run. `verb` is for the way out.
Config settings_of_run(const TrainingOptions& options, const Config& asked,
                       const std::string& verb);

/// Where the run goes: --out, or a fresh folder. DataError for a folder that
/// holds files, unless it is resumed.
std::filesystem::path choose_run_path(const TrainingOptions& options,
                                      const Config& config);

/// Makes the folder (unless the run is resumed), writes the audit and trains.
TrainResult train_in_folder(Trainer& trainer, const TrainingOptions& options,
                            const Config& config, const ImageSet& images,
                            const Split& split,
                            const std::filesystem::path& path);

/// "12 epochs in 3 min; early_stopping: ...".
std::string end_line(const TrainResult& result);

/// What a dry run works on; nothing is written, not even a cache.
struct Rehearsal {
  ImageSet images;
  Split split;
};
Rehearsal load_for_rehearsal(Config config, bool quiet);
/// One step; the exit code.
int rehearse(Trainer& trainer);

}  // namespace fer
