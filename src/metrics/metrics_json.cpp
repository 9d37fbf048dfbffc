#include "metrics/metrics_json.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/error.h"
#include "core/text.h"
#include "metrics/classification.h"
#include "metrics/curve.h"
#include "metrics/probability.h"
#include "metrics/proportion.h"

namespace fer {
namespace {

/// Ranking scores of one class against the rest.
struct Areas {
  double auc = 0;
  double auc_from_hard_labels = 0;
  double average_precision = 0;
};

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

// Nothing for more than two classes.
std::optional<size_t> positive_label(const Predictions& p,
                                     const std::string& name) {
  if (p.classes() > 2 && !name.empty()) {
    fail<DataError>(
        "[metrics] expected no positive class, as there are {} classes; got "
        "'{}'. Leave evaluate.positive_class empty.",
        p.classes(), name);
  }
  if (p.classes() > 2) return std::nullopt;
  if (name.empty()) return 1;
  const auto& names = p.class_names;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    fail<DataError>(
        "[metrics] expected one of the classes {} as positive class; got "
        "'{}'. Set evaluate.positive_class to one of them.",
        join(names, ", "), name);
  }
  return static_cast<size_t>(found - names.begin());
}

Areas areas(const Predictions& p, size_t k, const ConfusionMatrix& matrix) {
  const auto label = static_cast<int64_t>(k);
  const std::vector<double> scores = p.scores(k);
  // scikit-learn gives 0 here; a precision over no positives says nothing.
  const double precision = matrix.support(k) == 0
                               ? std::numeric_limits<double>::quiet_NaN()
                               : average_precision(p.labels, label, scores);
  return {area_under_roc(p.labels, label, scores),
          area_from_hard_labels(p.labels, label, p.predicted), precision};
}

// NaN as soon as one class has no images.
Areas mean(const std::vector<Areas>& classes) {
  Areas sum;
  for (const Areas& one : classes) {
    sum.auc += one.auc;
    sum.auc_from_hard_labels += one.auc_from_hard_labels;
    sum.average_precision += one.average_precision;
  }
  const auto n = static_cast<double>(classes.size());
  return {sum.auc / n, sum.auc_from_hard_labels / n, sum.average_precision / n};
}

void add_decisions(Json& json, const ConfusionMatrix& matrix,
                   const std::vector<ClassScores>& scores) {
  const Interval interval = wilson_interval(matrix.correct(), matrix.total());
  json["n"] = matrix.total();
  json["accuracy"] = accuracy(matrix);
  json["accuracy_interval"] = {interval.low, interval.high};
  json["balanced_accuracy"] = balanced_accuracy(matrix);
  const AverageScores macro = macro_average(scores);
  json["macro_precision"] = number(macro.precision);
  json["macro_recall"] = number(macro.recall);
  json["macro_f1"] = number(macro.f1);
  const AverageScores weighted = weighted_average(scores);
  json["weighted_precision"] = number(weighted.precision);
  json["weighted_recall"] = number(weighted.recall);
  json["weighted_f1"] = number(weighted.f1);
  json["mcc"] = matthews_correlation(matrix);
}

void add_probabilities(Json& json, const Predictions& p,
                       std::optional<size_t> positive) {
  json["log_loss"] = log_loss(p.labels, p.probabilities, p.classes());
  if (positive) {
    json["brier"] = brier_binary(p.labels, static_cast<int64_t>(*positive),
                                 p.scores(*positive));
    json["brier_kind"] = "binary";
  } else {
    json["brier"] = brier_multiclass(p.labels, p.probabilities, p.classes());
    json["brier_kind"] = "multiclass_sum";
  }
}

Json matrix_json(const ConfusionMatrix& matrix) {
  Json rows = Json::array();
  for (size_t i = 0; i < matrix.classes(); ++i) {
    Json row = Json::array();
    for (size_t j = 0; j < matrix.classes(); ++j)
      row.push_back(matrix.count(i, j));
    rows.push_back(std::move(row));
  }
  return rows;
}

Json class_json(const ClassScores& scores, const Areas& area) {
  Json json;
  json["precision"] = number(scores.precision);
  json["recall"] = number(scores.recall);
  json["f1"] = number(scores.f1);
  json["specificity"] = number(scores.specificity);
  json["support"] = scores.support;
  json["auc"] = number(area.auc);
  json["average_precision"] = number(area.average_precision);
  return json;
}

}  // namespace

Json metrics_json(const Predictions& p, const std::string& positive_class,
                  double zero_division) {
  check_predictions(p);
  const auto positive = positive_label(p, positive_class);
  const ConfusionMatrix matrix(p.labels, p.predicted, p.classes());
  const auto scores = class_scores(matrix, zero_division);
  std::vector<Areas> by_class;
  for (size_t k = 0; k < p.classes(); ++k)
    by_class.push_back(areas(p, k, matrix));
  const Areas area = positive ? by_class[*positive] : mean(by_class);

  Json json;
  add_decisions(json, matrix, scores);
  add_probabilities(json, p, positive);
  json["auc"] = number(area.auc);
  json["auc_from_hard_labels"] = number(area.auc_from_hard_labels);
  json["average_precision"] = number(area.average_precision);
  json["positive_class"] =
      positive ? Json(p.class_names[*positive]) : Json(nullptr);
  json["zero_division"] = number(zero_division);
  json["class_names"] = p.class_names;
  json["confusion_matrix"] = matrix_json(matrix);
  json["classes"] = Json::object();
  for (size_t k = 0; k < p.classes(); ++k)
    json["classes"][p.class_names[k]] = class_json(scores[k], by_class[k]);
  return json;
}

}  // namespace fer
