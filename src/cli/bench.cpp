#include "bench/bench.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "cli/experiment_options.h"
#include "cli/usage.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "core/file.h"
#include "data/source.h"
#include "report/gnuplot.h"
#include "train/device.h"

namespace fer {
namespace {

// As many as a short epoch, and every batch has images of its own.
constexpr int64_t kRandomImages = 512;

struct BenchOptions : ExperimentOptions {
  std::string csv, figure, device;
  BenchPlan plan;
  bool synthetic = false, json = false;
};

RandomData data_of(const BenchOptions& options, const Config& config) {
  if (options.synthetic) {
    return random_data(
        config.data, std::max<int64_t>(kRandomImages, config.train.batch_size));
  }
  try {
    RandomData data;
    data.images = load_images(config.data, options.quiet);
    data.split = make_split(data.images, config.data);
    return data;
  } catch (const DataError& error) {
    fail<DataError>("{} Or measure with random images: --synthetic.",
                    error.what());
  }
}

int bench(const BenchOptions& options) {
  Config config = options.load();
  config.train.device = device_kind(options.device, config.train.device);
  prepare_process(config.train);
  // Without gnuplot nothing need be measured.
  if (!options.figure.empty()) {
    const Gnuplot probe;
  }
  const RandomData data = data_of(options, config);
  const BenchResult result =
      run_bench(config, data.images, data.split, options.plan,
                [&](const std::string& line) {
                  if (!options.quiet) fmt::print(stderr, "bench: {}\n", line);
                });
  fmt::print("{}", options.json ? json_text(bench_json(result)) + "\n"
                                : bench_text(result));
  // Files are for results that can be.
  require_possible(result);
  if (!options.csv.empty()) write_file(options.csv, bench_csv(result));
  if (!options.figure.empty()) draw_bench(result, options.figure);
  return 0;
}

}  // namespace

void add_bench(CLI::App& app, Action& action) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* verb = app.add_subcommand(
      "bench", "Measure how fast an experiment trains and answers");
  verb->footer(
      "Example: ferbench bench experiments/demo.yaml --batch 1,64 --seconds 5");
  options->add_to(*verb);
  verb->add_option("--batch", options->plan.batches,
                   "Batch sizes of inference (default: 1,8,64,256)")
      ->delimiter(',')
      ->check(CLI::Range(1, 65'536));
  verb->add_option("--seconds", options->plan.seconds,
                   "For each measurement (default: 3)")
      ->check(between(0.01, 3600));
  verb->add_flag("--synthetic", options->synthetic,
                 "Random images instead of the experiment's own");
  verb->add_option("--csv", options->csv, "Write the rates as a table");
  verb->add_option("--figure", options->figure,
                   "Draw the rates over batch sizes: FILE.svg, FILE.png")
      ->check([](const std::string& file) {
        return file.ends_with(".svg")
                   ? std::string()
                   : "expected a file that ends in .svg; got '" + file + "'";
      });
  add_device_option(*verb, options->device);
  verb->add_flag("--json", options->json, "Print JSON instead of tables");
  verb->callback(
      [options, &action] { action = [options] { return bench(*options); }; });
}

}  // namespace fer
