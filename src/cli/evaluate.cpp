#include "eval/evaluate.h"

#include <fmt/core.h>

#include <memory>

#include "cli/experiment_options.h"
#include "cli/results.h"
#include "cli/verbs.h"
#include "data/source.h"
#include "data/split.h"
#include "train/device.h"
#include "train/run_folder.h"

namespace fer {
namespace {

struct EvaluateOptions {
  std::string run, device;
  std::vector<std::string> splits;
  bool json = false, quiet = false;
};

int evaluate(const EvaluateOptions& options) {
  const RunFolder run = RunFolder::open(options.run);
  const Config& config = run.config();
  prepare_process(config.train);
  const ImageSet images = load_images(config.data, options.quiet);
  const Split split = make_split(images, config.data);
  const auto& splits =
      options.splits.empty() ? config.evaluate.splits : options.splits;
  const Json metrics =
      evaluate_run(run, images, split, splits,
                   device_kind(options.device, config.train.device));
  Json shown = metrics;
  for (const char* other : {"train", "val", "test"}) {
    if (std::find(splits.begin(), splits.end(), other) == splits.end())
      shown.erase(other);
  }
  fmt::print("{}",
             options.json ? json_text(shown) + "\n" : results_text(shown));
  return 0;
}

}  // namespace

void add_evaluate(CLI::App& app, Action& action) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App* verb =
      app.add_subcommand("evaluate", "Score a run's checkpoint on its splits");
  verb->footer("Example: ferbench evaluate runs/demo/seed-42 --split test");
  verb->add_option("RUN_DIR", options->run, "Run folder")->required();
  verb->add_option(
          "--split", options->splits,
          "train, val or test; may be repeated (default: evaluate.splits)")
      ->check(CLI::IsMember({"train", "val", "test"}))
      ->allow_extra_args(false);
  add_device_option(*verb, options->device);
  verb->add_flag("--json", options->json, "Print the metrics as JSON");
  verb->add_flag("--quiet", options->quiet, "Print results and errors only");
  verb->callback([options, &action] {
    action = [options] { return evaluate(*options); };
  });
}

}  // namespace fer
