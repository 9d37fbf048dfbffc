#include "report/failures.h"

#include <fmt/core.h>

#include <map>
#include <memory>

#include "cli/verbs.h"
#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "data/contact.h"
#include "data/source.h"
#include "eval/evaluate.h"
#include "report/calibration.h"
#include "train/run_folder.h"

namespace fer {
namespace {

struct FailuresOptions {
  std::string run, out, split = "test";
  size_t count = 5;
  bool json = false, quiet = false;
};

// The images that the predictions speak of.
ImageSet images_of(const RunFolder& run, bool quiet) {
  ImageSet images = load_images(run.config().data, quiet);
  require_same_images(run.path(), images);
  return images;
}

// One line of pictures a class; a short one ends in gray.
void write_sheet(const std::string& path, const ImageSet& images,
                 const Predictions& predictions,
                 const std::vector<ClassFailures>& failures, size_t columns) {
  std::map<std::string, size_t> rows;
  for (size_t i = 0; i < images.size(); ++i) rows[images.ids[i]] = i;
  const Image nothing{1, 1, 1, {235}};
  std::vector<Tile> tiles;
  for (const ClassFailures& own : failures) {
    for (const Failure& failure : own.worst)
      tiles.push_back(
          {picture_of(images, rows.at(failure.id)),
           fmt::format("{} {:.2f}", predictions.class_names[failure.predicted],
                       failure.probability),
           Tile::Mark::kBad});
    for (size_t i = own.worst.size(); i < columns; ++i)
      tiles.push_back({nothing, "", Tile::Mark::kNone});
  }
  write_picture(path, contact_sheet(tiles, static_cast<int>(columns)));
}

std::string text_of(const std::vector<ClassFailures>& failures,
                    const std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> table = {
      {"class", "wrong", "answer", "probability", "image"}};
  for (size_t label = 0; label < failures.size(); ++label) {
    const ClassFailures& own = failures[label];
    std::string name = names[label];
    std::string wrong = fmt::format("{} of {}", own.wrong, own.images);
    if (own.worst.empty()) table.push_back({name, wrong, "", "", ""});
    for (const Failure& failure : own.worst) {
      table.push_back({name, wrong, names[failure.predicted],
                       fmt::format("{:.4f}", failure.probability), failure.id});
      name.clear(), wrong.clear();
    }
  }
  return format_table(table);
}

int failures(const FailuresOptions& options) {
  const RunFolder run = RunFolder::open(options.run);
  const Predictions predictions =
      read_predictions(run.path() / ("predictions-" + options.split + ".csv"));
  const auto found = confident_failures(predictions, options.count);
  if (!options.out.empty())
    write_sheet(options.out, images_of(run, options.quiet || options.json),
                predictions, found, options.count);
  if (options.json) {
    const auto calibration = measure_calibration(read_run_files(run.path()));
    const Json all = {
        {"split", options.split},
        {"classes", failures_json(found, predictions.class_names)},
        {"calibration", calibration ? calibration_json(*calibration) : Json()}};
    fmt::print("{}\n", json_text(all));
    return 0;
  }
  if (!options.quiet) fmt::print("{}", text_of(found, predictions.class_names));
  if (!options.out.empty())
    fmt::print("pictures, one line a class: {}\n", options.out);
  return 0;
}

}  // namespace

void add_failures(CLI::App& app, Action& action) {
  auto options = std::make_shared<FailuresOptions>();
  CLI::App* verb = app.add_subcommand(
      "failures",
      "The images of each class that a run is most surely wrong on");
  verb->footer(
      "Example: ferbench failures runs/demo/seed-42 --out failures.png\n"
      "Reads the run's predictions; --out also the images, from where its\n"
      "config.yaml says. --json adds how well probabilities are calibrated.");
  verb->add_option("RUN_DIR", options->run, "Run folder")->required();
  verb->add_option("--split", options->split, "train, val or test")
      ->check(CLI::IsMember({"train", "val", "test"}))
      ->capture_default_str();
  verb->add_option("--count", options->count, "Images of each class")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_option("--out", options->out, "PNG with the pictures");
  verb->add_flag("--json", options->json, "Print JSON");
  verb->add_flag("--quiet", options->quiet, "Print results and errors only");
  verb->callback([options, &action] {
    action = [options] { return failures(*options); };
  });
}

}  // namespace fer
