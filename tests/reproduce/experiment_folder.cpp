#include "experiment_folder.h"

#include <fmt/core.h>

#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "metrics/metrics_json.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr const char* kHistory =
    "epoch,train_loss,train_accuracy,val_loss,val_accuracy,learning_rate,"
    "seconds,images_per_second\n"
    "1,0.9,0.5,0.9,0.5,0.001,1,100\n"
    "2,0.4,0.9,0.4,0.9,0.001,1,100\n"
    "3,0.8,0.6,0.9,0.4,0.001,1,100\n"
    "4,0.3,0.9,0.5,0.8,0.001,1,100\n";

void add_rows(Predictions& p, int rows, int64_t label, int64_t predicted) {
  for (int i = 0; i < rows; ++i) {
    p.labels.push_back(label);
    p.predicted.push_back(predicted);
    const double sad = predicted == 1 ? 0.9 : 0.1;
    p.probabilities.push_back(1 - sad);
    p.probabilities.push_back(sad);
  }
}

}  // namespace

Predictions predictions_of(const FolderCounts& counts,
                           const std::vector<std::string>& classes) {
  Predictions p;
  p.class_names = classes;
  add_rows(p, counts.tp, 1, 1);
  add_rows(p, counts.fn, 1, 0);
  add_rows(p, counts.tn, 0, 0);
  add_rows(p, counts.fp, 0, 1);
  for (size_t i = 0; i < p.labels.size(); ++i)
    p.ids.push_back(fmt::format("image-{}.png", i));
  return p;
}

void score_again(const fs::path& folder, const ExperimentFolder& what) {
  Json metrics = Json::object();
  for (const char* split : {"val", "test"}) {
    const fs::path path = folder / fmt::format("predictions-{}.csv", split);
    const Predictions predictions = read_predictions(path);
    metrics[split] = metrics_json(predictions, "", 0);
    metrics[split]["predictions_sha256"] = sha256(read_file(path));
  }
  metrics["protocol"] = "report";
  metrics["leaky"] = what.leaky_share > 0;
  metrics["leaky_share"] = what.leaky_share;
  metrics["model"] = {{"name", "fernet"}, {"parameters", 2440929}};
  write_json(folder / "metrics.json", metrics);
}

void write_experiment(const fs::path& folder, const ExperimentFolder& what) {
  write_file(folder / "config.yaml",
             fmt::format("experiment:\n  name: {}\n  seed: {}\n", what.name,
                         what.seed));
  write_file(folder / "history.csv", kHistory);
  write_json(folder / "audit.json", {{"images", 200}});
  write_predictions(folder / "predictions-test.csv",
                    predictions_of(what.test, what.classes));
  write_predictions(folder / "predictions-val.csv",
                    predictions_of(what.val, what.classes));
  score_again(folder, what);
}

}  // namespace fer
