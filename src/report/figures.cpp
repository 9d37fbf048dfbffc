#include "report/figures.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "report/calibration.h"
#include "report/scores.h"

namespace fer {
namespace {

/// A figure and what draws it.
struct Drawing {
  Figure figure;
  std::function<void(Gnuplot&)> draw;
};

bool has_numbers(const RunFiles& run, const char* column) {
  const auto values = run.history_column(column);
  return std::any_of(values.begin(), values.end(),
                     [](double value) { return std::isfinite(value); });
}

using DrawHistory = void (*)(const RunFiles&, const std::string&, Gnuplot&);
struct HistoryFigure {
  const char* name;
  const char* caption;
  const char* column;
  DrawHistory draw;
};

const HistoryFigure kHistoryFigures[] = {
    {"loss", "Mean loss of each epoch. The dashed line is the kept epoch.",
     "train_loss", &draw_loss},
    {"accuracy",
     "Share of right answers in each epoch; the training part was measured as "
     "the epoch ran.",
     "train_accuracy", &draw_accuracy},
    {"learning_rate", "Learning rate of each epoch.", "learning_rate",
     &draw_learning_rate},
};

void add_history(const RunFiles& run, std::vector<Drawing>& drawings) {
  if (!has_numbers(run, "epoch")) return;
  for (const HistoryFigure& entry : kHistoryFigures)
    if (has_numbers(run, entry.column))
      drawings.push_back(
          {{entry.name, entry.caption, "training"},
           [&](Gnuplot& plot) { entry.draw(run, entry.name, plot); }});
}

// The positive class of metrics.json, else label 1.
size_t positive_of(const RunFiles& run, const std::string& split,
                   const Predictions& predictions) {
  const auto& names = predictions.class_names;
  if (run.metrics.is_object() && run.metrics.contains(split)) {
    const auto found = std::find(names.begin(), names.end(),
                                 text(run.metrics[split], "positive_class"));
    if (found != names.end()) return found - names.begin();
  }
  return 1;
}

void add_curves(const RunFiles& run, const std::string& split,
                std::vector<Drawing>& drawings) {
  const Predictions& predictions = run.predictions.at(split);
  if (predictions.size() == 0) return;
  const size_t positive = positive_of(run, split, predictions);
  const std::string of =
      predictions.classes() == 2
          ? " Positive class: " + predictions.class_names[positive] + "."
          : " Each class against the rest.";
  const std::string roc = "roc-" + split;
  drawings.push_back(
      {{roc, "ROC curve on " + split + ", AUC from the scores." + of, split},
       [&predictions, positive, split, roc](Gnuplot& plot) {
         draw_roc(predictions, positive, split, roc, plot);
       }});
  const std::string pr = "precision_recall-" + split;
  drawings.push_back(
      {{pr,
        "Precision over recall on " + split + ", average precision (AP)." + of,
        split},
       [&predictions, positive, split, pr](Gnuplot& plot) {
         draw_precision_recall(predictions, positive, split, pr, plot);
       }});
}

void add_confusion(const RunFiles& run, const std::string& split,
                   std::vector<Drawing>& drawings) {
  const Json& scores = run.metrics[split];
  const size_t k = confusion_of(scores).size();
  if (k == 0 || k != score_classes(scores).size()) return;
  for (const bool share : {false, true}) {
    const std::string name =
        (share ? "confusion_normalised-" : "confusion-") + split;
    drawings.push_back(
        {{name,
          share ? "The same as shares of each true class."
                : "Images on " + split +
                      ": rows are what they are, columns what the model "
                      "said.",
          split},
         [&scores, share, split, name](Gnuplot& plot) {
           draw_confusion(scores, share, split, name, plot);
         }});
  }
}

void add_calibration(const RunFiles& run, std::vector<Drawing>& drawings) {
  const auto calibration = measure_calibration(run);
  if (!calibration) return;
  const size_t classes = run.predictions.at(calibration->split).classes();
  const std::string name = "reliability-" + calibration->split;
  drawings.push_back(
      {{name,
        "How often the answers of a confidence are right, with 95 % intervals "
        "(bins of 5 images or more). On the dashed line probabilities mean "
        "what they say; the columns show the share of the images.",
        "calibration"},
       [calibration = *calibration, classes, name](Gnuplot& plot) {
         draw_reliability(calibration, classes, name, plot);
       }});
}

std::vector<Drawing> all_drawings(const RunFiles& run) {
  std::vector<Drawing> drawings;
  add_history(run, drawings);
  std::vector<std::string> splits = run.scored_splits();
  for (const auto& [split, predictions] : run.predictions)
    if (std::find(splits.begin(), splits.end(), split) == splits.end())
      splits.push_back(split);
  for (const std::string& split : split_order(splits)) {
    if (run.predictions.contains(split)) add_curves(run, split, drawings);
    if (run.metrics.is_object() && run.metrics.contains(split))
      add_confusion(run, split, drawings);
  }
  add_calibration(run, drawings);
  return drawings;
}

}  // namespace

std::vector<Figure> list_figures(const RunFiles& run) {
  std::vector<Figure> figures;
  for (const Drawing& drawing : all_drawings(run))
    figures.push_back(drawing.figure);
  return figures;
}

void draw_figures(const RunFiles& run) {
  const auto drawings = all_drawings(run);
  if (drawings.empty()) return;
  Gnuplot plot;
  for (const Drawing& drawing : drawings) drawing.draw(plot);
  plot.run(run.path / "figures");
}

}  // namespace fer
