#include "eval/evaluate.h"

#include "core/error.h"
#include "data/audit.h"
#include "eval/predictor.h"
#include "eval/samples.h"
#include "metrics/metrics_json.h"
#include "models/registry.h"
#include "train/checkpoint.h"
#include "train/device.h"
#include "train/step_engine.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

bool leaky_by_definition(Protocol protocol) {
  return protocol != Protocol::kRandom;
}

std::string choose_checkpoint(const RunFolder& run,
                              const CheckpointStore& store) {
  const bool best = run.config().evaluate.checkpoint == CheckpointKind::kBest;
  for (const std::string name : {best ? "best" : "last", "last"}) {
    if (store.exists(name)) return name;
  }
  fail<DataError>(
      "[evaluate] expected a checkpoint; got none ({}). Train first: `ferbench "
      "run`.",
      run.checkpoints().string());
}

Json read_if_there(const fs::path& path) {
  return fs::exists(path) ? read_json(path) : Json::object();
}

// What the audit says of the test set's honesty.
void add_origin(Json& metrics, const RunFolder& run) {
  metrics["protocol"] = word(run.config().data.split.protocol);
  const Json audit = read_if_there(run.path() / "audit.json");
  const Json pair = audit.value("cross_split", Json::object())
                        .value("train-test", Json::object());
  metrics["leaky"] = pair.value("exact", 0) > 0;
  metrics["leaky_share"] = pair.value("share", 0.0);
}

}  // namespace

Json evaluate_run(const RunFolder& run, const ImageSet& images,
                  const Split& split, const std::vector<std::string>& splits,
                  DeviceKind kind) {
  const Config& config = run.config();
  const torch::Device device = choose_device(kind);
  const CheckpointStore store(run.checkpoints());
  const std::string name = choose_checkpoint(run, store);
  const ModelShape shape{static_cast<int64_t>(images.channels),
                         static_cast<int64_t>(images.height),
                         static_cast<int64_t>(images.class_names.size())};
  const ModelPtr model = make_model(config.model, shape, 0);
  const auto checkpoint = store.load(name);
  load_model(checkpoint.tensors, *model);
  place_model(*model, device, config.train.channels_last);

  Json metrics = read_if_there(run.path() / "metrics.json");
  for (const std::string& part : splits) {
    const auto& rows = split.rows(part);
    const Predictions predictions =
        predict(*model, images, rows, config, device);
    write_predictions(run.path() / ("predictions-" + part + ".csv"),
                      predictions);
    const auto count = static_cast<size_t>(config.report.samples);
    write_json(run.path() / ("samples-" + part + ".json"),
               sample_predictions(images, rows, predictions, count));
    if (config.report.figures) {
      write_sample_sheet(run.path() / "figures" / ("samples-" + part + ".png"),
                         images, rows, predictions, count);
    }
    metrics[part] = metrics_json(predictions, config.evaluate.positive_class,
                                 config.evaluate.zero_division);
  }
  metrics["checkpoint"] = name;
  metrics["checkpoint_epoch"] = checkpoint.state.value("epoch", 0);
  add_origin(metrics, run);
  write_json(run.path() / "metrics.json", metrics);
  return metrics;
}

void refuse_leak(const Json& audit, Protocol protocol) {
  if (leaky_by_definition(protocol)) return;
  for (const auto& [pair, found] : audit.at("cross_split").items()) {
    if (found.at("exact").get<int64_t>() == 0) continue;
    fail<DataError>(
        "[audit] expected no image in two splits; got {} exact copies between "
        "{} "
        "(data.split). Set group_duplicates: true, or use a protocol that is "
        "leaky "
        "by definition.",
        found.at("exact").get<int64_t>(), pair);
  }
}

Json audit_run(const fs::path& run_dir, const ImageSet& images,
               const Split& split, Protocol protocol) {
  const Json audit = audit_images(images, split);
  refuse_leak(audit, protocol);
  write_json(run_dir / "audit.json", audit);
  return audit;
}

}  // namespace fer
