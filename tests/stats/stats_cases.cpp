#include "stats/stats_cases.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "stats/pairing.h"

namespace fer {
namespace {

// Thousandths that sum to 1000, in the proportion of exp(logits).
std::vector<double> thousandths(const std::vector<double>& logits) {
  double total = 0;
  for (const double logit : logits) total += std::exp(logit);
  std::vector<double> parts;
  double left = 1000;
  for (const double logit : logits) {
    parts.push_back(std::floor(1000 * std::exp(logit) / total));
    left -= parts.back();
  }
  *std::max_element(parts.begin(), parts.end()) += left;
  return parts;
}

}  // namespace

double Draws::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Draws::exponential() { return -std::log(1 - uniform()); }

int64_t Draws::choice(const std::vector<double>& probabilities) {
  double left = uniform();
  for (size_t i = 0; i + 1 < probabilities.size(); ++i) {
    left -= probabilities[i];
    if (left < 0) return static_cast<int64_t>(i);
  }
  return static_cast<int64_t>(probabilities.size()) - 1;
}

Predictions drawn_predictions(size_t rows, size_t classes, uint64_t seed,
                              double skill) {
  Draws draws(seed);
  Predictions p;
  for (size_t k = 0; k < classes; ++k)
    p.class_names.push_back("class" + std::to_string(k));
  for (size_t i = 0; i < rows; ++i) {
    const int64_t label = draws.below(static_cast<int64_t>(classes));
    std::vector<double> logits(classes);
    for (double& logit : logits) logit = draws.normal();
    logits[static_cast<size_t>(label)] += skill;
    const std::vector<double> parts = thousandths(logits);
    p.ids.push_back("row-" + std::to_string(i));
    p.labels.push_back(label);
    p.predicted.push_back(std::max_element(parts.begin(), parts.end()) -
                          parts.begin());
    for (const double part : parts) p.probabilities.push_back(part / 1000);
  }
  return p;
}

Predictions repeated(const Predictions& predictions,
                     const std::vector<double>& weights) {
  std::vector<size_t> rows;
  for (size_t i = 0; i < weights.size(); ++i)
    rows.insert(rows.end(), static_cast<size_t>(weights[i]), i);
  return select_rows(predictions, rows);
}

}  // namespace fer
