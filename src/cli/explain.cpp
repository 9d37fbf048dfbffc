#include "eval/explain.h"

#include <ATen/ATen.h>
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/verbs.h"
#include "config/faults.h"
#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "data/contact.h"
#include "eval/trained_model.h"
#include "train/device.h"

namespace fer {
namespace {

namespace fs = std::filesystem;

struct ExplainOptions {
  std::string run, image, class_name, out;
  bool json = false, quiet = false;
};

std::optional<int64_t> label_of(const std::string& name,
                                const std::vector<std::string>& classes) {
  if (name.empty()) return {};
  const auto at = std::find(classes.begin(), classes.end(), name);
  if (at != classes.end()) return at - classes.begin();
  fail<ConfigError>("[explain] expected --class {}; got {}. Name one of them.",
                    alternatives(classes), in_quotes(name));
}

// As the run's images were read: its channels, its size.
Image read_picture(const std::string& path, const ModelShape& shape) {
  const std::string bytes = read_file(path);
  const int side = static_cast<int>(shape.image_size);
  try {
    return resize_image(
        decode_image(std::as_bytes(std::span(bytes.data(), bytes.size())),
                     static_cast<int>(shape.channels)),
        side, side);
  } catch (const DataError& error) {
    fail<DataError>("{} ({})", error.what(), path);
  }
}

// float [1, C, H, W] in [0, 1]
torch::Tensor tensor_of(Image& picture) {
  return torch::from_blob(picture.pixels.data(),
                          {1, picture.height, picture.width, picture.channels},
                          torch::kByte)
      .permute({0, 3, 1, 2})
      .to(torch::kFloat)
      .div(255)
      .contiguous();
}

fs::path out_path(const ExplainOptions& options, const std::string& name) {
  if (!options.out.empty()) return options.out;
  return fs::path(options.run) / "explain" /
         fmt::format("{}-{}.png", fs::path(options.image).stem().string(),
                     name);
}

Json to_json(const Explanation& found, const TrainedModel& trained,
             const std::string& image, const fs::path& out) {
  Json probabilities = Json::object();
  for (size_t i = 0; i < found.probabilities.size(); ++i)
    probabilities[trained.class_names[i]] = found.probabilities[i];
  Json map = Json::array();
  for (int64_t y = 0; y < found.map.size(0); ++y) {
    const float* row =
        found.map.const_data_ptr<float>() + y * found.map.size(1);
    map.push_back(std::vector<float>(row, row + found.map.size(1)));
  }
  return {{"image", image},
          {"class", trained.class_names[static_cast<size_t>(found.label)]},
          {"probabilities", probabilities},
          {"method", found.method},
          {"layer", found.layer},
          {"map", map},
          {"overlay", out.string()}};
}

std::string to_text(const Explanation& found, const TrainedModel& trained,
                    const fs::path& out) {
  std::vector<std::vector<std::string>> rows = {{"class", "probability"}};
  for (size_t i = 0; i < found.probabilities.size(); ++i)
    rows.push_back({trained.class_names[i],
                    fmt::format("{:.4f}", found.probabilities[i])});
  const std::string& name =
      trained.class_names[static_cast<size_t>(found.label)];
  std::string text = format_table(rows);
  text += fmt::format("\n{} of {}, {}x{}", found.method, found.layer,
                      found.map.size(0), found.map.size(1));
  text += found.method == "Grad-CAM" ? ": what speaks for " + name
                                     : ": the same for every class";
  if (found.map.max().item<float>() <= 0) text += "; nothing does";
  return text + "\npicture: " + out.string() + "\n";
}

int explain_picture(const ExplainOptions& options) {
  const RunFolder run = RunFolder::open(options.run);
  prepare_process(run.config().train);
  const TrainedModel trained = open_trained(run);
  const auto label = label_of(options.class_name, trained.class_names);
  Image picture = read_picture(options.image, trained.shape);
  const Explanation found = explain(*trained.model, tensor_of(picture), label);
  const fs::path out =
      out_path(options, trained.class_names[static_cast<size_t>(found.label)]);
  write_picture(out, overlay(picture, found.map));
  if (options.json) {
    fmt::print("{}\n", json_text(to_json(found, trained, options.image, out)));
  } else if (!options.quiet) {
    fmt::print("{}", to_text(found, trained, out));
  }
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, Action& action) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* verb = app.add_subcommand(
      "explain", "Show which part of a picture speaks for a class");
  verb->footer(
      "Example: ferbench explain runs/demo/seed-42 face.png --class happy");
  verb->add_option("RUN_DIR", options->run, "Run folder")->required();
  verb->add_option("IMAGE", options->image,
                   "Picture of one face, cropped as the run's images are")
      ->required();
  verb->add_option("--class", options->class_name,
                   "Class to explain (default: the most probable one)");
  verb->add_option(
      "--out", options->out,
      "PNG to write (default: RUN_DIR/explain/<image>-<class>.png)");
  verb->add_flag("--json", options->json,
                 "Print probabilities and map as JSON");
  verb->add_flag("--quiet", options->quiet, "Print errors only");
  verb->callback([options, &action] {
    action = [options] { return explain_picture(*options); };
  });
}

}  // namespace fer
