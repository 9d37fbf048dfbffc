#include "reproduce/report_faults.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/error.h"
#include "core/json.h"
#include "core/text.h"
#include "metrics/classification.h"
#include "metrics/curve.h"
#include "report/format.h"
#include "report/scores.h"

namespace fer {
namespace {

std::string run_name(const FaultInput& model, const ExperimentRuns& runs,
                     size_t i) {
  return fmt::format("{}, seed {}", model.title, runs.seeds[i]);
}

/// The row that save_best_only keeps: the first that none before it reaches.
std::optional<size_t> kept_row(const std::vector<double>& values,
                               bool smallest) {
  std::optional<size_t> kept;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    const bool better = kept && (smallest ? values[i] < values[*kept]
                                          : values[i] > values[*kept]);
    if (!kept || better) kept = i;
  }
  return kept;
}

std::string epoch_text(const RunFiles& run, size_t row, double value) {
  const auto epochs = run.history_column("epoch");
  return fmt::format("{} (epoch {:.0f})", format_percent(value),
                     row < epochs.size() ? epochs[row] : row + 1.0);
}

double accuracy_of(const Predictions& p) {
  return accuracy(ConfusionMatrix(p.labels, p.predicted, p.classes()));
}

std::string tested(const ExperimentRuns* runs, int64_t seed) {
  for (size_t i = 0; runs && i < runs->runs.size(); ++i) {
    const auto found = runs->runs[i].predictions.find("test");
    if (runs->seeds[i] == seed && found != runs->runs[i].predictions.end())
      return format_percent(accuracy_of(found->second));
  }
  return "not run";
}

std::vector<std::string> auc_row(const FaultInput& model,
                                 const ExperimentRuns& runs, size_t i,
                                 const std::string& split) {
  const auto found = runs.runs[i].predictions.find(split);
  if (found == runs.runs[i].predictions.end()) return {};
  const Predictions& p = found->second;
  const auto name = std::ranges::find(p.class_names, model.positive);
  if (name == p.class_names.end()) return {};
  const auto k = name - p.class_names.begin();
  const double hard = area_from_hard_labels(p.labels, k, p.predicted);
  const double soft =
      area_under_roc(p.labels, k, p.scores(static_cast<size_t>(k)));
  return {run_name(model, runs, i), split, format_share(hard),
          format_share(soft), fmt::format("{:+.4f}", soft - hard)};
}

}  // namespace

ReportFault checkpoint_direction(const std::vector<FaultInput>& models) {
  ReportFault fault;
  fault.title = "The checkpoint keeps the worst epoch";
  fault.text = {
      "The report's ModelCheckpoint watches val_accuracy with mode='min': it "
      "replaces the file whenever the accuracy falls below all before it, so "
      "fernet.h5 holds the epoch with the lowest validation accuracy. That "
      "file is what its web application loads. The tables are not touched: "
      "they come from the model in memory.",
      "Below, from each run's history: the epoch that mode='min' keeps, the "
      "one that mode='max' keeps, and the test accuracy of a run that was "
      "trained with the report's direction."};
  fault.table = {{"run", "kept by mode='min'", "kept by mode='max'", "lost",
                  "test accuracy, max", "test accuracy, min"}};
  for (const FaultInput& model : models) {
    if (!model.wrong_direction) continue;
    for (size_t i = 0; model.report && i < model.report->runs.size(); ++i) {
      const RunFiles& run = model.report->runs[i];
      const auto values = run.history_column("val_accuracy");
      const auto worst = kept_row(values, true), best = kept_row(values, false);
      if (!worst) continue;
      const std::string now =
          tested(model.wrong_direction, model.report->seeds[i]);
      fault.table.push_back(
          {run_name(model, *model.report, i),
           epoch_text(run, *worst, values[*worst]),
           epoch_text(run, *best, values[*best]),
           fmt::format("{:.1f} points", 100 * (values[*best] - values[*worst])),
           tested(model.report, model.report->seeds[i]), now});
      if (now == "not run" && i == 0) {
        fault.commands.push_back(fmt::format(
            "ferbench run {} -s experiment.name={}-wrong-direction -s "
            "callbacks.model_checkpoint.mode=min -s "
            "callbacks.model_checkpoint.allow_wrong_direction=true",
            model.report_file, model.report->experiment));
      }
    }
  }
  return fault;
}

ReportFault hard_label_auc(const std::vector<FaultInput>& models) {
  ReportFault fault;
  fault.title = "The AUC is one of decisions, not of scores";
  fault.text = {
      "The report passes predicted labels, not probabilities, to roc_curve. A "
      "ROC curve of decisions has one corner, and its area is the mean of "
      "recall and specificity: the balanced accuracy under another name. The "
      "area over all thresholds, which is what AUC means elsewhere, is "
      "larger. The report drew it on the validation split."};
  fault.table = {
      {"run", "split", "from decisions", "from scores", "difference"}};
  for (const FaultInput& model : models) {
    for (size_t i = 0; model.report && i < model.report->runs.size(); ++i) {
      for (const char* split : {"val", "test"}) {
        auto row = auc_row(model, *model.report, i, split);
        if (!row.empty()) fault.table.push_back(std::move(row));
      }
    }
  }
  return fault;
}

ReportFault leaking_split(const std::vector<FaultInput>& models) {
  ReportFault fault;
  fault.title = "Copies of training images are tested";
  fault.text = {
      "Sad images are duplicated up to the number of happy ones before the "
      "split, and FER2013 itself holds photographs several times. Test rows "
      "therefore have copies or near twins in training, and a network that "
      "remembers is right about them. The column clean above is the same "
      "training on a split that keeps twins together."};
  fault.table = {
      {"run", "test rows", "with a copy or near twin in training", "share"}};
  for (const FaultInput& model : models) {
    if (!model.report || model.report->empty()) continue;
    const RunFiles& run = model.report->runs[0];
    const auto found = run.predictions.find("test");
    const auto share = number(run.metrics, "leaky_share");
    if (found == run.predictions.end() || !share) continue;
    const auto rows = static_cast<double>(found->second.size());
    fault.table.push_back({model.title, format_count(rows),
                           format_count(std::round(rows * *share)),
                           format_percent(*share)});
  }
  return fault;
}

namespace {

// What the naming by number does, over seeds of KMeans.
std::vector<std::vector<std::string>> cluster_table(const Json& clusters) {
  size_t swapped = 0;
  double low = 1, high = 0;
  for (const Json& seed : clusters.at("seeds")) {
    swapped += seed.at("swapped").get<bool>() ? 1 : 0;
    low = std::min(low, seed.at("served_right").get<double>());
    high = std::max(high, seed.at("served_right").get<double>());
  }
  const auto seeds = static_cast<double>(clusters.at("seeds").size());
  const Json& agreement = clusters.at("agreement");
  const auto missing =
      clusters.value("missing_features", std::vector<std::string>{});
  return {{"what", "value"},
          {"songs", clusters.at("table_songs").dump()},
          {"share of seeds that swap the names",
           format_percent(static_cast<double>(swapped) / seeds)},
          {"faces served their own mood, worst and best seed",
           format_percent(low) + " to " + format_percent(high)},
          {"the same, clusters named by their centroid",
           format_percent(agreement.at("served_right").get<double>())},
          {"agreement of clusters and moods (adjusted Rand index)",
           fmt::format("{:.3f}",
                       agreement.at("adjusted_rand_index").get<double>())},
          {"features of the eight that its table lacks",
           missing.empty() ? "none" : join(missing, ", ")}};
}

std::vector<std::vector<std::string>> read_cluster_table(
    const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    return {{"what", "value"},
            {"share of seeds that swap the names", "not run"}};
  const Json clusters = read_json(file);
  try {
    return cluster_table(clusters);
  } catch (const Json::exception&) {
    fail<DataError>(
        "[reproduce] expected what `ferbench songs clusters --json` prints; "
        "got something else ({}). Make it again, or remove it.",
        file.string());
  }
}

}  // namespace

ReportFault arbitrary_clusters(const std::filesystem::path& file) {
  ReportFault fault;
  fault.title = "Which songs are cheerful is left to chance";
  fault.text = {
      "The report clusters its songs with KMeans(n_clusters=2) without "
      "random_state and calls cluster 0 cheerful and cluster 1 sombre. The "
      "numbers of clusters carry no meaning: k-means numbers them by its "
      "random start, so another run may call the very same songs sombre. "
      "Valence and energy, the two features that speak of mood, are not among "
      "the eight that it clusters by. In its own sample (appendix A), "
      "Watermelon "
      "Sugar is cheerful, Shape of You sombre."};
  fault.table = read_cluster_table(file);
  if (std::filesystem::exists(file)) return fault;
  fault.commands = {
      "ferbench songs import SONGS.csv --db songs.sqlite && ferbench songs "
      "clusters --db songs.sqlite --json > " +
      file.string()};
  return fault;
}

}  // namespace fer
