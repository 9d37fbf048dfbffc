#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "cli/many_runs.h"
#include "cli/training.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "data/source.h"
#include "eval/reconstructions.h"
#include "eval/trained_model.h"
#include "report/report.h"
#include "train/autoencoding.h"
#include "train/checkpoint.h"
#include "train/device.h"
#include "train/run_folder.h"

namespace fer {
namespace {
namespace fs = std::filesystem;

constexpr int kShown = 10;

int dry_run(const Config& config, bool quiet) {
  const Rehearsal loaded = load_for_rehearsal(config, quiet);
  Trainer trainer(autoencoding_task(config, loaded.images), config,
                  loaded.images, loaded.split, "", quiet);
  return rehearse(trainer);
}

void refuse_divergence(const TrainResult& result, const fs::path& path) {
  if (!result.stop_reason.starts_with("terminate_on_nan")) return;
  fail<DataError>(
      "[pretrain] expected a loss that stays a number; got {} ({}).",
      result.stop_reason, path.string());
}

void print_end(const TrainResult& result, const fs::path& path) {
  const RunFolder run = RunFolder::open(path);
  const CheckpointStore store(run.checkpoints());
  fmt::print("{}\nnext:   ferbench run EXPERIMENT -s model.weights.file={}\n",
             end_line(result), store.path(chosen_checkpoint(run)).string());
}

int pretrain_one(const TrainingOptions& options, const Config& config) {
  require_tools(config.report);
  const fs::path path = choose_run_path(options, config);
  const ImageSet images = load_images(config.data, options.quiet);
  const Split split = make_checked_split(images, config);
  // What can refuse the experiment (model, device) comes before the folder.
  Trainer trainer(autoencoding_task(config, images), config, images, split,
                  path, options.quiet);
  const TrainResult result =
      train_in_folder(trainer, options, config, images, split, path);
  refuse_divergence(result, path);
  const int shown = std::min(config.report.samples, kShown);
  if (config.report.figures && shown > 0)
    write_reconstructions(RunFolder::open(path), images, split, shown);
  write_report(path, config.report.figures, config.report.html);
  print_end(result, path);
  return 0;
}

int pretrain(const TrainingOptions& options) {
  Config config = options.load();
  if (options.print_config) {
    fmt::print("{}", to_yaml(config));
    return 0;
  }
  if (options.resume) config = settings_of_run(options, config, "pretrain");
  prepare_process(config.train);
  return options.dry_run ? dry_run(config, options.quiet)
                         : pretrain_one(options, config);
}

}  // namespace

void add_pretrain(CLI::App& app, Action& action) {
  auto options = std::make_shared<TrainingOptions>();
  CLI::App* verb = app.add_subcommand(
      "pretrain", "Train a vision transformer on images without labels");
  verb->footer(
      "Example: ferbench pretrain experiments/pretrain/vit_tiny_mae.yaml");
  options->add_to(*verb);
  verb->callback([options, &action] {
    action = [options] { return pretrain(*options); };
  });
}

}  // namespace fer
