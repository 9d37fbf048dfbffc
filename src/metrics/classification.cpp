#include "metrics/classification.h"

#include <cmath>
#include <limits>

#include "core/error.h"

namespace fer {
namespace {

double ratio(int64_t numerator, int64_t denominator, double zero_division) {
  if (denominator == 0) return zero_division;
  return static_cast<double>(numerator) / static_cast<double>(denominator);
}

// Weighted mean of the values that are not NaN; equal weights if all are 0.
double average(std::span<const ClassScores> classes, double ClassScores::*field,
               bool weighted) {
  double sum = 0, weights = 0, plain = 0;
  int n = 0;
  for (const ClassScores& scores : classes) {
    const double value = scores.*field;
    if (std::isnan(value)) continue;
    const auto weight = static_cast<double>(scores.support);
    sum += weight * value;
    weights += weight;
    plain += value;
    ++n;
  }
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  return weighted && weights > 0 ? sum / weights : plain / n;
}

AverageScores averages(std::span<const ClassScores> classes, bool weighted) {
  return {average(classes, &ClassScores::precision, weighted),
          average(classes, &ClassScores::recall, weighted),
          average(classes, &ClassScores::f1, weighted)};
}

}  // namespace

std::vector<ClassScores> class_scores(const ConfusionMatrix& matrix,
                                      double zero_division) {
  if (zero_division < 0 || zero_division > 1) {
    fail<DataError>(
        "[metrics] expected zero_division in [0, 1] or NaN; got {}. "
        "scikit-learn's default is 0.",
        zero_division);
  }
  std::vector<ClassScores> classes(matrix.classes());
  for (size_t k = 0; k < classes.size(); ++k) {
    const int64_t tp = matrix.count(k, k);
    const int64_t support = matrix.support(k);
    const int64_t predicted = matrix.predictions(k);
    const int64_t tn = matrix.total() - support - predicted + tp;
    classes[k] = {ratio(tp, predicted, zero_division),
                  ratio(tp, support, zero_division),
                  ratio(2 * tp, support + predicted, zero_division),
                  ratio(tn, matrix.total() - support, zero_division), support};
  }
  return classes;
}

AverageScores macro_average(std::span<const ClassScores> classes) {
  return averages(classes, false);
}

AverageScores weighted_average(std::span<const ClassScores> classes) {
  return averages(classes, true);
}

double accuracy(const ConfusionMatrix& matrix) {
  return ratio(matrix.correct(), matrix.total(), 0);
}

double balanced_accuracy(const ConfusionMatrix& matrix) {
  double sum = 0;
  int present = 0;
  for (size_t k = 0; k < matrix.classes(); ++k) {
    if (matrix.support(k) == 0) continue;
    sum += ratio(matrix.count(k, k), matrix.support(k), 0);
    ++present;
  }
  return sum / present;
}

double matthews_correlation(const ConfusionMatrix& matrix) {
  const auto n = static_cast<double>(matrix.total());
  double product = 0, truth = 0, predicted = 0;
  for (size_t k = 0; k < matrix.classes(); ++k) {
    const auto t = static_cast<double>(matrix.support(k));
    const auto p = static_cast<double>(matrix.predictions(k));
    product += t * p;
    truth += t * t;
    predicted += p * p;
  }
  const double variances = (n * n - predicted) * (n * n - truth);
  if (variances == 0) return 0;
  const auto correct = static_cast<double>(matrix.correct());
  return (correct * n - product) / std::sqrt(variances);
}

}  // namespace fer
