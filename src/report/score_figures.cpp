// ROC and precision-recall curves of one split.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "metrics/curve.h"
#include "report/figures.h"
#include "report/plot_style.h"

namespace fer {
namespace {

constexpr int kWidth = 520, kHeight = 460;

// More points than pixels only make the file large.
std::vector<std::vector<double>> thinned(const std::vector<double>& x,
                                         const std::vector<double>& y) {
  const size_t step = std::max<size_t>(1, x.size() / 1500);
  std::vector<std::vector<double>> columns(2);
  for (size_t i = 0; i < x.size(); ++i) {
    if (i % step != 0 && i + 1 != x.size()) continue;
    columns[0].push_back(x[i]);
    columns[1].push_back(y[i]);
  }
  return columns;
}

// For two classes the positive one; else each against the rest.
std::vector<size_t> drawn_classes(const Predictions& predictions,
                                  size_t positive) {
  if (predictions.classes() == 2) return {positive};
  std::vector<size_t> all;
  for (size_t k = 0; k < predictions.classes(); ++k)
    if (std::count(predictions.labels.begin(), predictions.labels.end(),
                   static_cast<int64_t>(k)) > 0)
      all.push_back(k);
  return all;
}

struct Decision {
  double tp = 0, fp = 0, positives = 0, negatives = 0;
};

Decision decided(const Predictions& predictions, size_t positive) {
  Decision counts;
  const auto label = static_cast<int64_t>(positive);
  for (size_t i = 0; i < predictions.size(); ++i) {
    const bool is = predictions.labels[i] == label;
    (is ? counts.positives : counts.negatives) += 1;
    if (predictions.predicted[i] == label) (is ? counts.tp : counts.fp) += 1;
  }
  return counts;
}

std::string frame(const std::string& title, std::string_view x,
                  std::string_view y) {
  return fmt::format(
      "set title {} font ',15'\nset xlabel {}\nset ylabel {}\n"
      "set xrange [-0.01:1.01]\nset yrange [-0.01:1.01]\n"
      "set xtics 0.2\nset ytics 0.2\nset format '%.1f'\n",
      gnuplot_string(title), gnuplot_string(x), gnuplot_string(y));
}

std::string line(const std::string& file, size_t series,
                 const std::string& title) {
  return fmt::format("{} using 1:2 with lines lw 2.2 lc rgb '{}' title {}, ",
                     file, series_colour(series), gnuplot_string(title));
}

std::string point(double x, double y, const std::string& file) {
  if (!std::isfinite(x) || !std::isfinite(y)) return {};
  return fmt::format(
      "{} using 1:2 with points pt 7 ps 0.9 lc rgb '{}' title 'as "
      "predicted', ",
      file, series_colour(1));
}

}  // namespace

void draw_roc(const Predictions& predictions, size_t positive,
              const std::string& split, const std::string& name,
              Gnuplot& plot) {
  std::string curves;
  const auto classes = drawn_classes(predictions, positive);
  for (size_t i = 0; i < classes.size(); ++i) {
    const auto label = static_cast<int64_t>(classes[i]);
    const auto scores = predictions.scores(classes[i]);
    const RocCurve curve = roc_curve(predictions.labels, label, scores, true);
    curves += line(
        plot.data(thinned(curve.false_positive_rate, curve.true_positive_rate)),
        i,
        fmt::format("{} (AUC {:.4f})", predictions.class_names[classes[i]],
                    area_under_roc(predictions.labels, label, scores)));
  }
  if (predictions.classes() == 2) {
    const Decision d = decided(predictions, positive);
    const double x = d.fp / d.negatives, y = d.tp / d.positives;
    curves += point(x, y, plot.data({{x}, {y}}));
  }
  plot.figure(
      name, kWidth, kHeight,
      frame("ROC, " + split, "false positive rate", "true positive rate") +
          fmt::format("set key bottom right\nplot {}x with lines dt 2 lw 1.2 "
                      "lc rgb '{}' title 'chance'\n",
                      curves, kFaint));
}

void draw_precision_recall(const Predictions& predictions, size_t positive,
                           const std::string& split, const std::string& name,
                           Gnuplot& plot) {
  std::string curves;
  const auto classes = drawn_classes(predictions, positive);
  for (size_t i = 0; i < classes.size(); ++i) {
    const auto label = static_cast<int64_t>(classes[i]);
    const auto scores = predictions.scores(classes[i]);
    const PrecisionRecallCurve curve =
        precision_recall_curve(predictions.labels, label, scores, true);
    curves +=
        line(plot.data(thinned(curve.recall, curve.precision)), i,
             fmt::format("{} (AP {:.4f})", predictions.class_names[classes[i]],
                         average_precision(predictions.labels, label, scores)));
  }
  std::string chance;
  if (predictions.classes() == 2) {
    const Decision d = decided(predictions, positive);
    const double x = d.tp / d.positives, y = d.tp / (d.tp + d.fp);
    const double share = d.positives / (d.positives + d.negatives);
    curves += point(x, y, plot.data({{x}, {y}}));
    chance = fmt::format("{} with lines dt 2 lw 1.2 lc rgb '{}' title 'chance'",
                         share, kFaint);
  } else {
    chance = "NaN notitle";
  }
  plot.figure(name, kWidth, kHeight,
              frame("Precision and recall, " + split, "recall", "precision") +
                  "set key bottom left\nplot " + curves + chance + "\n");
}

}  // namespace fer
