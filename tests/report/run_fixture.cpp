#include "run_fixture.h"

#include <fmt/core.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "core/philox.h"
#include "metrics/metrics_json.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// One grey pixel.
constexpr const char* kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCB"
    "d81ytgAAAABJRU5ErkJggg==";

constexpr const char* kConfig = R"(experiment:
  name: fernet-tuned
  seed: 42
data:
  source: folder
  classes: [happy, sad]  # label order
  split: {protocol: report, validation: 0.1, test: 0.1}
train:
  epochs: 50
  batch_size: 32
)";

void write_history(const fs::path& folder, int epochs) {
  std::string csv =
      "epoch,train_loss,train_accuracy,val_loss,val_accuracy,learning_rate,"
      "seconds,images_per_second\n";
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const double t = epoch;
    const double val_loss = 0.15 + 0.55 * std::exp(-t / 3) + 0.004 * t;
    csv += fmt::format(
        "{},{:.4f},{:.4f},{:.4f},{:.4f},{:g},{:.1f},{:.0f}\n", epoch,
        0.02 + 0.68 * std::exp(-t / 5), 0.99 - 0.42 * std::exp(-t / 5),
        val_loss, epoch == 13 ? 0.9654 : 0.955 - 0.35 * std::exp(-t / 3),
        epoch <= 20 ? 1e-3 : 5e-4, 41.0 + epoch % 3, 340.0 + epoch % 5);
  }
  write_file(folder / "history.csv", csv);
}

void write_samples(const fs::path& folder, const std::string& split,
                   const Predictions& predictions) {
  Json samples = Json::array();
  for (size_t i = 0; i < std::min<size_t>(16, predictions.size()); ++i) {
    const auto k = static_cast<size_t>(predictions.predicted[i]);
    samples.push_back(
        {{"id", predictions.ids[i]},
         {"label",
          predictions.class_names[static_cast<size_t>(predictions.labels[i])]},
         {"predicted", predictions.class_names[k]},
         {"probability", predictions.probability(i, k)},
         {"png", kPng}});
  }
  write_json(folder / ("samples-" + split + ".json"), samples);
}

Json environment() {
  return {{"command", "ferbench run experiments/report/fernet_tuned.yaml"},
          {"commit", "0123456789abcdef"},
          {"hardware", "2 x AMD EPYC, no GPU"},
          {"torch", "2.11.0"},
          {"compiler", "GCC 12.2.0"}};
}

Json audit() {
  return {{"images", 17978},
          {"exact_duplicates", 1853},
          {"conflict_groups", 4},
          {"blank_images", 2},
          {"near_twin_pairs", 2310},
          {"cross_split",
           {{"train-test", {{"exact", 1277}, {"near", 1301}}},
            {"train-val", {{"exact", 1140}, {"near", 1166}}}}}};
}

}  // namespace

Predictions fixture_predictions(const RunFixture& fixture, uint64_t seed) {
  Predictions p;
  p.class_names = fixture.classes;
  const size_t k = fixture.classes.size();
  for (size_t i = 0; i < fixture.images; ++i) {
    Philox random(seed, 0, static_cast<uint32_t>(i), Purpose::kSynthetic);
    const size_t label = random.below(static_cast<uint32_t>(k));
    std::vector<double> row(k);
    double sum = 0;
    for (size_t j = 0; j < k; ++j) {
      row[j] = std::exp(3.0 * random.uniform() + (j == label ? 1.8 : 0.0));
      sum += row[j];
    }
    for (double& value : row) value /= sum;
    p.ids.push_back(fmt::format("test/{}/{:05}.png", label, i));
    p.labels.push_back(static_cast<int64_t>(label));
    p.predicted.push_back(std::max_element(row.begin(), row.end()) -
                          row.begin());
    p.probabilities.insert(p.probabilities.end(), row.begin(), row.end());
  }
  return p;
}

void write_run_fixture(const fs::path& folder, const RunFixture& fixture) {
  fs::create_directories(folder);
  write_file(folder / "config.yaml", kConfig);
  write_json(folder / "environment.json", environment());
  write_json(folder / "audit.json", audit());
  write_history(folder, fixture.epochs);
  write_json(folder / "checkpoints" / "best.json",
             {{"epoch", std::min(13, fixture.epochs)}});
  write_json(folder / "checkpoints" / "last.json",
             {{"epoch", fixture.epochs},
              {"stop_reason",
               "early_stopping: val_accuracy did not improve for 11 epochs "
               "(best 0.9654 at epoch 13)"}});
  Json metrics;
  uint64_t seed = 1;
  for (const char* split : {"val", "test"}) {
    const Predictions p = fixture_predictions(fixture, seed++);
    write_predictions(folder / fmt::format("predictions-{}.csv", split), p);
    metrics[split] = metrics_json(p, "", 0.0);
    if (std::string(split) == "test") write_samples(folder, split, p);
  }
  metrics["protocol"] = "report";
  metrics["leaky"] = fixture.leaky;
  if (fixture.leaky) metrics["leaky_share"] = 0.71;
  write_json(folder / "metrics.json", metrics);
}

}  // namespace fer
