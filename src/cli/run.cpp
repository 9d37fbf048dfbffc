#include <fmt/core.h>

#include <memory>

#include "cli/many_runs.h"
#include "cli/results.h"
#include "cli/run_group.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "core/terminal.h"
#include "core/text.h"
#include "data/source.h"
#include "eval/evaluate.h"
#include "report/report.h"
#include "sweep/seed_group.h"
#include "train/device.h"
#include "train/run_folder.h"
#include "train/trainer.h"

namespace fer {
namespace {

struct RunOptions : GroupOptions {
  int seeds = 0;
  bool resume = false, dry_run = false, print_config = false;
};

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

int dry_run(const Config& config, bool quiet) {
  Config small = config;
  small.data.cache.clear();
  const ImageSet images = load_images(small.data, quiet);
  const Split split = make_checked_split(images, small);
  Trainer trainer(config, images, split, "", quiet);
  fmt::print("{}\ndry run passed: nothing was written\n", trainer.rehearse());
  return 0;
}

// The settings that the run began with. What is asked for now may repeat them,
// not change them: the folder would no longer say what was run.
Config settings_of_run(const RunOptions& options, Config asked) {
  if (options.out.empty()) {
    fail<ConfigError>(
        "[run] expected --out RUN_DIR with --resume; got none. Name the run "
        "folder to go on with.");
  }
  Config config = RunFolder::open(options.out).config();
  asked.train.device = config.train.device;
  asked.experiment.runs = config.experiment.runs;
  asked.experiment.seeds = config.experiment.seeds;
  asked.data.cache = config.data.cache;
  const auto others = different_settings(asked, config);
  if (!others.empty()) {
    fail<ConfigError>(
        "[run] expected the settings that the run began with; got others for "
        "{} ({}/config.yaml). Start a new run, or go on with: ferbench run "
        "{}/config.yaml --resume --out {}",
        join(others, ", "), options.out, options.out, options.out);
  }
  config.train.device = device_kind(options.device, config.train.device);
  return config;
}

std::filesystem::path choose_path(const RunOptions& options,
                                  const Config& config) {
  if (options.resume) {
    remove_leftovers(options.out);
    return options.out;
  }
  if (options.out.empty()) return fresh_run_path(config);
  require_new_folder(options.out);
  return options.out;
}

// Training in a folder of its own; its memory is free for the evaluation.
TrainResult train(const RunOptions& options, const Config& config,
                  const ImageSet& images, const Split& split,
                  const std::filesystem::path& path) {
  // What can refuse the experiment (model, device) comes before the folder.
  Trainer trainer(config, images, split, path, options.quiet);
  if (!options.resume) RunFolder::create(path, config, command_line());
  audit_run(path, images, split, config);
  if (!options.quiet) print_start(config, images, split, path);
  return trainer.train(options.resume);
}

void print_end(const TrainResult& result, const Config& config,
               const std::filesystem::path& path) {
  fmt::print("\n{} epoch{} in {}{}\n", result.epochs,
             result.epochs == 1 ? "" : "s", format_duration(result.seconds),
             result.stop_reason.empty() ? "" : "; " + result.stop_reason);
  if (config.report.html) {
    fmt::print("report: {}\n", (path / "report.html").string());
  }
  fmt::print("next:   ferbench evaluate {} --split train\n", path.string());
}

int run_one(const RunOptions& options, Config config) {
  require_tools(config.report);
  const std::filesystem::path path = choose_path(options, config);
  const ImageSet images = load_images(config.data, options.quiet);
  const Split split = make_checked_split(images, config);
  const TrainResult result = train(options, config, images, split, path);
  const Json metrics =
      evaluate_run(RunFolder::open(path), images, split, config.evaluate.splits,
                   config.train.device);
  write_report(path, config.report.figures, config.report.html);
  if (options.json) {
    fmt::print("{}\n", metrics.dump(2));
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
  config.train.device = device_kind(options.device, config.train.device);
  if (options.print_config) {
    fmt::print("{}", to_yaml(config));
    return 0;
  }
  if (!options.dry_run && !names_one_run(options)) {
    const auto seeds = chosen_seeds(config.experiment, options.seeds);
    const int folds = folds_to_run(options.file, options.overrides);
    if (!seeds.empty() || folds > 0) return run_group(options, seeds, folds);
  }
  if (options.resume) config = settings_of_run(options, config);
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
  verb->add_option(
      "--out", options->out,
      "Run folder (default: <runs>/<name>/seed-<seed>, never overwritten)");
  verb->add_flag("--resume", options->resume, "Go on with the run in --out");
  verb->add_option("--seeds", options->seeds,
                   "So many runs, with experiment.seed and the seeds behind it")
      ->check(CLI::Range(1, 10'000));
  add_jobs_option(*verb, options->jobs);
  add_device_option(*verb, options->device);
  verb->add_flag("--dry-run", options->dry_run,
                 "One batch through every stage, nothing written");
  verb->add_flag("--print-config", options->print_config,
                 "Print the resolved, commented experiment and stop");
  verb->add_flag("--json", options->json,
                 "Print metrics.json instead of tables");
  verb->callback(
      [options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace fer
