#include "cli/training.h"

#include <fmt/core.h>

#include "cli/many_runs.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "core/terminal.h"
#include "core/text.h"
#include "data/source.h"
#include "eval/evaluate.h"
#include "train/device.h"
#include "train/run_folder.h"

namespace fer {
namespace {

void print_start(const Config& config, const ImageSet& images,
                 const Split& split, const std::filesystem::path& path) {
  fmt::print(stderr,
             "{}: {} on {}, {} images of {} classes: {} train, {} val, {} test "
             "(protocol {})\nrun folder: {}\n",
             config.experiment.name, config.model.name,
             describe_device(choose_device(config.train.device)), images.size(),
             images.class_names.size(), split.train.size(), split.val.size(),
             split.test.size(), word(config.data.split.protocol),
             path.string());
}

}  // namespace

void TrainingOptions::add_to(CLI::App& verb) {
  GroupOptions::add_to(verb);
  verb.add_option(
      "--out", out,
      "Run folder (default: <runs>/<name>/seed-<seed>, never overwritten)");
  verb.add_flag("--resume", resume, "Go on with the run in --out");
  add_device_option(verb, device);
  verb.add_flag("--dry-run", dry_run,
                "One batch through every stage, nothing written");
  verb.add_flag("--print-config", print_config,
                "Print the resolved, commented experiment and stop");
}

Config TrainingOptions::load() const {
  Config config = GroupOptions::load();
  config.train.device = device_kind(device, config.train.device);
  return config;
}

Config settings_of_run(const TrainingOptions& options, const Config& wanted,
                       const std::string& verb) {
  if (options.out.empty()) {
    fail<ConfigError>(
        "[run] expected --out RUN_DIR with --resume; got none. Name the run "
        "folder to go on with.");
  }
  Config config = RunFolder::open(options.out).config();
  Config asked = wanted;
  asked.train.device = config.train.device;
  asked.experiment.runs = config.experiment.runs;
  asked.experiment.seeds = config.experiment.seeds;
  asked.data.cache = config.data.cache;
  const auto others = different_settings(asked, config);
  if (!others.empty()) {
    fail<ConfigError>(
        "[run] expected the settings that the run began with; got others for "
        "{} ({}/config.yaml). Start a new run, or go on with: ferbench {} "
        "{}/config.yaml --resume --out {}",
        join(others, ", "), options.out, verb, options.out, options.out);
  }
  config.train.device = device_kind(options.device, config.train.device);
  return config;
}

std::filesystem::path choose_run_path(const TrainingOptions& options,
                                      const Config& config) {
  if (options.resume) {
    remove_leftovers(options.out);
    return options.out;
  }
  if (options.out.empty()) return fresh_run_path(config);
  require_new_folder(options.out);
  return options.out;
}

TrainResult train_in_folder(Trainer& trainer, const TrainingOptions& options,
                            const Config& config, const ImageSet& images,
                            const Split& split,
                            const std::filesystem::path& path) {
  if (!options.resume) RunFolder::create(path, config, command_line());
  if (options.resume) require_same_images(path, images);
  audit_run(path, images, split, config);
  if (!options.quiet) print_start(config, images, split, path);
  return trainer.train(options.resume);
}

std::string end_line(const TrainResult& result) {
  return fmt::format(
      "{} epoch{} in {}{}", result.epochs, result.epochs == 1 ? "" : "s",
      format_duration(result.seconds),
      result.stop_reason.empty() ? "" : "; " + result.stop_reason);
}

Rehearsal load_for_rehearsal(Config config, bool quiet) {
  config.data.cache.clear();
  Rehearsal loaded;
  loaded.images = load_images(config.data, quiet);
  loaded.split = make_checked_split(loaded.images, config);
  return loaded;
}

int rehearse(Trainer& trainer) {
  fmt::print("{}\ndry run passed: nothing was written\n", trainer.rehearse());
  return 0;
}

}  // namespace fer
