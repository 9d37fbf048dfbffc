#include <fmt/core.h>

#include <memory>

#include "cli/experiment_options.h"
#include "cli/verbs.h"
#include "core/text.h"
#include "models/registry.h"
#include "models/summary.h"

namespace fer {
namespace {

Json entry_json(const ModelEntry& entry) {
  // Empty weights do for counting.
  ModelConfig config;
  config.name = entry.name;
  const ModelPtr model = entry.make(config, entry.reference_shape);
  const ModelSummary summary = summarise(*model, entry.reference_shape);
  const auto& shape = entry.reference_shape;
  return {{"name", entry.name},
          {"input", fmt::format("{}x{}x{}", shape.image_size, shape.image_size,
                                shape.channels)},
          {"classes", shape.classes},
          {"parameters", summary.parameters},
          {"trainable", summary.trainable},
          {"gflops", summary.gflops()},
          {"activation_bytes", summary.activation_bytes},
          {"reference", entry.reference}};
}

int models(bool json) {
  Json all = Json::array();
  for (const ModelEntry& entry : zoo()) all.push_back(entry_json(entry));
  if (json) {
    fmt::print("{}\n", json_text(all));
    return 0;
  }
  std::vector<std::vector<std::string>> rows = {
      {"model", "input", "classes", "parameters", "trainable", "GFLOP",
       "activations", "reference"}};
  for (const Json& m : all) {
    rows.push_back(
        {m["name"], m["input"], std::to_string(m["classes"].get<int>()),
         with_commas(m["parameters"]), with_commas(m["trainable"]),
         fmt::format("{:.3f}", m["gflops"].get<double>()),
         fmt::format("{:.1f} MB",
                     m["activation_bytes"].get<double>() / (1 << 20)),
         m["reference"]});
  }
  fmt::print(
      "{}GFLOP: forward pass of one image, two operations per multiply-add\n"
      "activations: what its layers give out, as float32\n",
      format_table(rows));
  return 0;
}

// Classes are counted from the file alone, so that no data is needed.
int64_t class_count(const DataConfig& data) {
  return data.classes.empty() ? 7 : static_cast<int64_t>(data.classes.size());
}

int summary(const ExperimentOptions& options) {
  const Config config = options.load();
  const ModelShape shape{config.data.channels, config.data.image_size,
                         class_count(config.data)};
  const ModelPtr model = make_model(config.model, shape, 0);
  fmt::print("{}", format_summary(config.model.name, summarise(*model, shape)));
  return 0;
}

}  // namespace

void add_models(CLI::App& app, Action& action) {
  auto json = std::make_shared<bool>(false);
  CLI::App* verb =
      app.add_subcommand("models", "List the zoo with parameters and FLOPs");
  verb->footer("Example: ferbench models");
  verb->add_flag("--json", *json, "Print JSON");
  verb->callback(
      [json, &action] { action = [json] { return models(*json); }; });
}

void add_summary(CLI::App& app, Action& action) {
  auto options = std::make_shared<ExperimentOptions>();
  CLI::App* verb = app.add_subcommand(
      "summary", "Print the layer table of an experiment's model");
  verb->footer("Example: ferbench summary experiments/report/fernet.yaml");
  options->add_to(*verb);
  verb->callback(
      [options, &action] { action = [options] { return summary(*options); }; });
}

}  // namespace fer
