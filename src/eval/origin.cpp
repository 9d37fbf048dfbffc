#include "eval/origin.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/csv.h"
#include "models/registry.h"
#include "models/summary.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

Json read_if_there(const fs::path& path) {
  return fs::exists(path) ? read_json(path) : Json::object();
}

Json model_json(const ModelConfig& config, const ImageSet& images,
                Model& model) {
  const ModelShape shape{static_cast<int64_t>(images.channels),
                         static_cast<int64_t>(images.height),
                         static_cast<int64_t>(images.class_names.size())};
  const ModelSummary summary = summarise(model, shape);
  return {{"name", config.name},
          {"parameters", summary.parameters},
          {"trainable_parameters", summary.trainable},
          {"flops", 2 * summary.multiply_adds}};
}

// Whether the test set was seen in training, or by the weights that it began
// with, as the audit found it.
void add_leak(Json& origin, const Json& audit) {
  const Json pair = audit.value("cross_split", Json::object())
                        .value("train-test", Json::object());
  double share = pair.value("share", 0.0);
  const Json::json_pointer with_weights(
      "/weights_overlap/test/share_with_train");
  if (audit.contains(with_weights))
    share = std::max(share, audit.at(with_weights).get<double>());
  origin["leaky"] = share > 0;
  origin["leaky_share"] = share;
}

// Epoch times add up; the speed is that of the training part over all epochs.
void add_speed(Json& origin, const fs::path& history) {
  origin["train_seconds"] = nullptr;
  origin["images_per_second"] = nullptr;
  if (!fs::exists(history)) return;
  const CsvTable table = read_csv(history);
  const size_t seconds = table.column("seconds");
  const size_t speed = table.column("images_per_second");
  double total = 0, inverse = 0;
  size_t epochs = 0;
  for (const auto& row : table.rows) {
    if (row[seconds].empty() || row[speed].empty()) continue;
    total += std::stod(row[seconds]);
    inverse += 1 / std::stod(row[speed]);
    ++epochs;
  }
  if (epochs == 0) return;
  origin["train_seconds"] = total;
  origin["images_per_second"] = static_cast<double>(epochs) / inverse;
}

// The GPU that trained; without one the processor.
std::string hardware(const Json& environment) {
  const std::string device = environment.value("device", "CPU");
  if (!device.starts_with("CPU")) return device;
  return fmt::format("{}, {} cores", environment.value("processor", "unknown"),
                     environment.value("cores", 0));
}

}  // namespace

Json run_origin(const RunFolder& run, const ImageSet& images, Model& model) {
  const Config& config = run.config();
  const Json environment = read_if_there(run.path() / "environment.json");
  Json origin = {{"experiment", config.experiment.name},
                 {"seed", config.experiment.seed},
                 {"protocol", word(config.data.split.protocol)}};
  add_leak(origin, read_if_there(run.path() / "audit.json"));
  origin["model"] = model_json(config.model, images, model);
  origin["data"] = {{"fingerprint", images.fingerprint},
                    {"source", word(config.data.source)}};
  origin["device"] = environment.value("device", Json());
  origin["precision"] = word(config.train.precision);
  origin["hardware"] = hardware(environment);
  origin["commit"] = environment.value("commit", Json());
  add_speed(origin, run.path() / "history.csv");
  return origin;
}

}  // namespace fer
