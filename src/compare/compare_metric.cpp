#include "compare/compare_metric.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

constexpr std::array<CompareMetric, 8> kMetrics = {{
    {"accuracy", "accuracy", false, true},
    {"balanced_accuracy", "balanced accuracy", false, true},
    {"macro_f1", "macro F1", false, false},
    {"mcc", "Matthews correlation", false, false, -1, 1},
    {"auc", "ROC AUC", false, false},
    {"log_loss", "log loss", true, false, 0, INFINITY},
    {"brier", "Brier score", true, false, 0, 2},
    {"ece", "calibration error", true, false},
}};

constexpr size_t kBins = 15;

// As metrics.json: the positive class's square for two classes, else the sum
// over the classes.
Statistic brier_statistic(const Predictions& p, size_t positive) {
  std::vector<double> squares(p.size());
  for (size_t i = 0; i < p.size(); ++i) {
    double sum = 0;
    for (size_t k = 0; k < p.classes(); ++k) {
      if (p.classes() == 2 && k != positive) continue;
      const double truth = p.labels[i] == static_cast<int64_t>(k) ? 1 : 0;
      sum += (p.probability(i, k) - truth) * (p.probability(i, k) - truth);
    }
    squares[i] = sum;
  }
  return mean_statistic(squares);
}

}  // namespace

std::span<const CompareMetric> compare_metrics() { return kMetrics; }

const CompareMetric& compare_metric(std::string_view name) {
  std::vector<std::string> names;
  for (const CompareMetric& metric : kMetrics) {
    if (metric.name == name) return metric;
    names.emplace_back(metric.name);
  }
  const std::string near = nearest(name, names);
  fail<DataError>("[compare] expected a metric; got '{}'. {}", name,
                  near.empty() ? "Known: " + join(names, ", ") + "."
                               : "Did you mean " + near + "?");
}

bool is_better(const CompareMetric& metric, double value, double other) {
  return metric.lower_is_better ? value < other : value > other;
}

Statistic ece_statistic(const Predictions& p) {
  struct Row {
    size_t bin;
    double excess;  ///< right (0 or 1) minus confidence
  };
  std::array<double, kBins - 1> inner;  // (0, 1/B], (1/B, 2/B], ...
  for (size_t b = 0; b < inner.size(); ++b)
    inner[b] = static_cast<double>(b + 1) / static_cast<double>(kBins);
  std::vector<Row> rows(p.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const double confidence =
        p.probability(i, static_cast<size_t>(p.predicted[i]));
    const double right = p.predicted[i] == p.labels[i] ? 1 : 0;
    const auto bin = static_cast<size_t>(
        std::lower_bound(inner.begin(), inner.end(), confidence) -
        inner.begin());
    rows[i] = {bin, right - confidence};
  }
  return [rows = std::move(rows)](std::span<const double> weights) {
    std::array<double, kBins> excess{};
    double total = 0, error = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      excess[rows[i].bin] += weights[i] * rows[i].excess;
      total += weights[i];
    }
    for (const double sum : excess) error += std::abs(sum);
    return error / total;
  };
}

Statistic metric_statistic(const CompareMetric& metric, const Predictions& p,
                           size_t positive, double zero_division) {
  if (metric.name == "accuracy") return accuracy_statistic(p);
  if (metric.name == "balanced_accuracy") return balanced_accuracy_statistic(p);
  if (metric.name == "macro_f1") return macro_f1_statistic(p, zero_division);
  if (metric.name == "mcc") return mcc_statistic(p);
  if (metric.name == "log_loss") return log_loss_statistic(p);
  if (metric.name == "brier") return brier_statistic(p, positive);
  if (metric.name == "ece") return ece_statistic(p);
  return p.classes() == 2 ? auc_statistic(p, positive) : macro_auc_statistic(p);
}

Statistic entry_statistic(const CompareMetric& metric, const Lineup& lineup,
                          size_t entry) {
  std::vector<Statistic> seeds;
  for (const Predictions& p : lineup.entries[entry].predictions)
    seeds.push_back(
        metric_statistic(metric, p, lineup.positive, lineup.zero_division));
  return mean_of(std::move(seeds));
}

Statistic mean_of(std::vector<Statistic> statistics) {
  if (statistics.size() == 1) return statistics[0];
  return [statistics = std::move(statistics)](std::span<const double> weights) {
    double sum = 0;
    for (const Statistic& statistic : statistics) sum += statistic(weights);
    return sum / static_cast<double>(statistics.size());
  };
}

double value_of(const Statistic& statistic, size_t rows) {
  return statistic(std::vector<double>(rows, 1.0));
}

}  // namespace fer
