#include <fmt/core.h>

#include <memory>

#include "cli/many_runs.h"
#include "cli/results.h"
#include "cli/training.h"
#include "cli/verbs.h"
#include "data/source.h"
#include "eval/evaluate.h"
#include "report/report.h"
#include "sweep/seed_group.h"
#include "train/device.h"
#include "train/run_folder.h"
#include "train/trainer.h"

namespace fer {
namespace {

struct RunOptions : TrainingOptions {
  int seeds = 0;
};

int dry_run(const Config& config, bool quiet) {
  const Rehearsal loaded = load_for_rehearsal(config, quiet);
  Trainer trainer(config, loaded.images, loaded.split, "", quiet);
  return rehearse(trainer);
}

// Training in a folder of its own; its memory is free for the evaluation.
TrainResult train(const RunOptions& options, const Config& config,
                  const ImageSet& images, const Split& split,
                  const std::filesystem::path& path) {
  // What can refuse the experiment (model, device) comes before the folder.
  Trainer trainer(config, images, split, path, options.quiet);
  return train_in_folder(trainer, options, config, images, split, path);
}

void print_end(const TrainResult& result, const Config& config,
               const std::filesystem::path& path) {
  fmt::print("\n{}\n", end_line(result));
  if (config.report.html) {
    fmt::print("report: {}\n", (path / "report.html").string());
  }
  fmt::print("next:   ferbench evaluate {} --split train\n", path.string());
}

int run_one(const RunOptions& options, Config config) {
  require_tools(config.report);
  const std::filesystem::path path = choose_run_path(options, config);
  const ImageSet images = load_images(config.data, options.quiet);
  const Split split = make_checked_split(images, config);
  const TrainResult result = train(options, config, images, split, path);
  const Json metrics =
      evaluate_run(RunFolder::open(path), images, split, config.evaluate.splits,
                   config.train.device);
  write_report(path, config.report.figures, config.report.html);
  if (options.json) {
    fmt::print("{}\n", json_text(metrics));
    return 0;
  }
  fmt::print("{}", results_text(metrics));
  print_end(result, config, path);
  return 0;
}

// --out (or --resume) of a run that is there means that one run.
bool names_one_run(const RunOptions& options) {
  return !options.out.empty() &&
         std::filesystem::exists(std::filesystem::path(options.out) /
                                 "config.yaml");
}

int run(const RunOptions& options) {
  Config config = options.load();
  if (options.print_config) {
    fmt::print("{}", to_yaml(config));
    return 0;
  }
  if (!options.dry_run && !names_one_run(options)) {
    const auto seeds = chosen_seeds(config.experiment, options.seeds);
    const int folds = folds_to_run(options.file, options.overrides);
    if (!seeds.empty() || folds > 0) return run_group(options, seeds, folds);
  }
  if (options.resume) config = settings_of_run(options, config, "run");
  prepare_process(config.train);
  return options.dry_run ? dry_run(config, options.quiet)
                         : run_one(options, config);
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* verb =
      app.add_subcommand("run", "Train, score and report an experiment");
  verb->footer("Example: ferbench run experiments/demo.yaml -s train.epochs=3");
  options->add_to(*verb);
  verb->add_option("--seeds", options->seeds,
                   "So many runs, with experiment.seed and the seeds behind it")
      ->check(CLI::Range(1, 10'000));
  add_jobs_option(*verb, options->jobs);
  verb->add_flag("--json", options->json,
                 "Print metrics.json instead of tables");
  verb->callback(
      [options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace fer
