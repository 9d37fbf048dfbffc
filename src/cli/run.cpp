#include <fmt/core.h>

#include <memory>

#include "cli/experiment_options.h"
#include "cli/results.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "core/terminal.h"
#include "data/audit.h"
#include "data/source.h"
#include "data/split.h"
#include "eval/evaluate.h"
#include "report/report.h"
#include "train/device.h"
#include "train/run_folder.h"
#include "train/trainer.h"

namespace fer {
namespace {

struct RunOptions : ExperimentOptions {
  std::string out, device;
  bool resume = false, dry_run = false, print_config = false, json = false;
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
  const Split split = make_split(images, config.data.split);
  refuse_leak(audit_images(images, split), config.data.split.protocol);
  Trainer trainer(config, images, split, "", quiet);
  fmt::print("{}\ndry run passed: nothing was written\n", trainer.rehearse());
  return 0;
}

RunFolder open_or_create(const RunOptions& options, const Config& config) {
  const std::filesystem::path path = options.out.empty()
                                         ? fresh_run_path(config)
                                         : std::filesystem::path(options.out);
  if (!options.resume) return RunFolder::create(path, config, command_line());
  if (options.out.empty()) {
    fail<ConfigError>(
        "[run] expected --out RUN_DIR with --resume; got none. Name the run "
        "folder "
        "to go on with.");
  }
  return RunFolder::open(path);
}

int run(const RunOptions& options) {
  Config config = options.load();
  config.train.device = device_kind(options.device, config.train.device);
  if (options.print_config) {
    fmt::print("{}", to_yaml(config));
    return 0;
  }
  prepare_process(config.train);
  if (options.dry_run) return dry_run(config, options.quiet);

  if (options.resume && !options.out.empty()) {
    const RunFolder old = RunFolder::open(options.out);
    config = old.config();
    prepare_process(config.train);
  }
  const ImageSet images = load_images(config.data, options.quiet);
  const Split split = make_split(images, config.data.split);
  refuse_leak(audit_images(images, split), config.data.split.protocol);
  const RunFolder folder = open_or_create(options, config);
  audit_run(folder.path(), images, split, config.data.split.protocol);
  if (!options.quiet) print_start(config, images, split, folder.path());

  TrainResult result;
  {
    Trainer trainer(config, images, split, folder.path(), options.quiet);
    result = trainer.train(options.resume);
  }
  const Json metrics = evaluate_run(
      folder, images, split, config.evaluate.splits, config.train.device);
  write_report(folder.path(), config.report.figures, config.report.html);
  if (options.json) {
    fmt::print("{}\n", metrics.dump(2));
    return 0;
  }
  fmt::print("{}", results_text(metrics));
  fmt::print("\n{} epochs in {}{}\n", result.epochs,
             format_duration(result.seconds),
             result.stop_reason.empty() ? "" : "; " + result.stop_reason);
  if (config.report.html) {
    fmt::print("report: {}\n", (folder.path() / "report.html").string());
  }
  fmt::print("next:   ferbench evaluate {} --split train\n",
             folder.path().string());
  return 0;
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
