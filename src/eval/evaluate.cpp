#include "eval/evaluate.h"

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "data/audit.h"
#include "data/trained_on.h"
#include "eval/origin.h"
#include "eval/other_labels.h"
#include "eval/predictor.h"
#include "eval/samples.h"
#include "eval/trained_model.h"
#include "leaderboard/ledger.h"
#include "metrics/metrics_json.h"
#include "train/device.h"
#include "train/step_engine.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

Json read_if_there(const fs::path& path) {
  return fs::exists(path) ? read_json(path) : Json::object();
}

// What one evaluation works with.
struct Scoring {
  const RunFolder& run;
  const ImageSet& images;
  const Config& config;
  Model& model;
  torch::Device device;
};

void write_samples(const Scoring& of, const std::string& part,
                   const std::vector<int64_t>& rows,
                   const Predictions& predictions) {
  const auto count = static_cast<size_t>(of.config.report.samples);
  write_json(of.run.path() / ("samples-" + part + ".json"),
             sample_predictions(of.images, rows, predictions, count));
  if (!of.config.report.figures) return;
  write_sample_sheet(of.run.path() / "figures" / ("samples-" + part + ".png"),
                     of.images, rows, predictions, count);
}

// Predictions, samples and scores of one split.
void score_split(const Scoring& of, const std::string& part,
                 const std::vector<int64_t>& rows, Json& metrics) {
  const EvaluateConfig& config = of.config.evaluate;
  const Predictions predictions =
      predict(of.model, of.images, rows, of.config, of.device);
  const fs::path file = of.run.path() / ("predictions-" + part + ".csv");
  write_predictions(file, predictions);
  write_samples(of, part, rows, predictions);
  metrics[part] =
      metrics_json(predictions, config.positive_class, config.zero_division);
  // Whoever ranks this score can see that its predictions are still these.
  metrics[part]["predictions_sha256"] = sha256(read_file(file));
  if (of.images.other.name.empty()) return;
  const std::string other = part + "-" + of.images.other.name;
  metrics[other] =
      write_other_predictions(of.run.path() / ("predictions-" + other + ".csv"),
                              predictions, rows, of.images.other, config);
}

// A test split is looked at on purpose, and counted.
void note_look(const RunFolder& run, const std::vector<std::string>& splits) {
  const fs::path& results = run.config().experiment.results;
  for (const std::string& part : splits)
    if (part == "test") append_look(results, look_of(results, run.path()));
}

}  // namespace

void require_same_images(const fs::path& run_dir, const ImageSet& images) {
  const Json audit = read_if_there(run_dir / "audit.json");
  const auto began = audit.value("fingerprint", images.fingerprint);
  if (began == images.fingerprint) return;
  fail<DataError>(
      "[run] expected the images that the run was made of, fingerprint "
      "{:.16}; got {:.16} ({}). Put them back, or set data.path in the run's "
      "config.yaml.",
      began, images.fingerprint, run_dir.string());
}

Json evaluate_run(const RunFolder& run, const ImageSet& images,
                  const Split& split, const std::vector<std::string>& splits,
                  DeviceKind kind) {
  const Config& config = run.config();
  require_same_images(run.path(), images);
  const torch::Device device = choose_device(kind);
  const TrainedModel trained = open_trained(run, images.class_names);
  place_model(*trained.model, device, config.train.channels_last);

  Json metrics = read_if_there(run.path() / "metrics.json");
  const Scoring scoring{run, images, config, *trained.model, device};
  for (const std::string& part : splits)
    score_split(scoring, part, split.rows(part), metrics);
  metrics["checkpoint"] = trained.checkpoint;
  metrics["checkpoint_epoch"] = trained.epoch;
  metrics.update(run_origin(run, images, *trained.model));
  write_json(run.path() / "metrics.json", metrics);
  note_look(run, splits);
  return metrics;
}

void refuse_leak(const Json& audit, Protocol protocol) {
  if (leaks_by_design(protocol)) return;
  for (const auto& [pair, found] : audit.at("cross_split").items()) {
    const auto exact = found.at("exact").get<int64_t>();
    const Json near = found.value("near", Json(0));
    const int64_t twins = near.is_number() ? near.get<int64_t>() : 0;
    if (exact + twins == 0) continue;
    fail<DataError>(
        "[audit] expected no photograph in two splits; got {} exact copies and "
        "{} near twins between {} (data.split.protocol: {}). Use protocol "
        "clean, official_clean or kfold, or random with group_duplicates: "
        "true; `ferbench data audit EXPERIMENT --out DIR` shows them.",
        exact, twins, pair, word(protocol));
  }
}

Json audit_run(const fs::path& run_dir, const ImageSet& images,
               const Split& split, const Config& config) {
  const Protocol protocol = config.data.split.protocol;
  const Twins twins = cached_twins(images, config.data);
  Json audit = audit_images(images, split, twins);
  refuse_leak(audit, protocol);
  audit["weights_overlap"] = weights_overlap(images, split, twins, config);
  refuse_seen(audit["weights_overlap"], protocol);
  write_json(run_dir / "audit.json", audit);
  write_trained_on(run_dir, images, split, twins, config);
  return audit;
}

}  // namespace fer
