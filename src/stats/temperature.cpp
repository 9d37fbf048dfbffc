#include "stats/temperature.h"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/error.h"
#include "metrics/probability.h"

namespace fer {
namespace {

double clipped_log(double p) {
  return std::log(std::max(p, std::numeric_limits<double>::epsilon()));
}

/// log p of all rows, each less its largest, so that exp() stays in range.
std::vector<double> log_rows(const Predictions& p) {
  std::vector<double> logs(p.probabilities.size());
  std::transform(p.probabilities.begin(), p.probabilities.end(), logs.begin(),
                 clipped_log);
  const size_t k = p.classes();
  for (auto row = logs.begin(); row != logs.end();
       row += static_cast<std::ptrdiff_t>(k)) {
    const auto end = row + static_cast<std::ptrdiff_t>(k);
    const double largest = *std::max_element(row, end);
    std::for_each(row, end, [&](double& value) { value -= largest; });
  }
  return logs;
}

// d(log loss)/d(1/T): mean over the rows of sum_k q_k z_k - z_label. It rises.
double slope(const Predictions& p, const std::vector<double>& logs,
             double sharpness) {
  const size_t classes = p.classes();
  double sum = 0;
  for (size_t i = 0; i < p.size(); ++i) {
    const double* row = logs.data() + i * classes;
    double total = 0, mean = 0;
    for (size_t k = 0; k < classes; ++k) {
      const double q = std::exp(sharpness * row[k]);
      total += q;
      mean += q * row[k];
    }
    sum += mean / total - row[p.labels[i]];
  }
  return sum / static_cast<double>(p.size());
}

// The root of the slope; log(1/T) is the unknown, so that both ends count
// alike.
double root(const Predictions& p, const std::vector<double>& logs, double limit,
            double low, double high) {
  namespace tools = boost::math::tools;
  std::uintmax_t steps = 200;
  const auto [left, right] = tools::toms748_solve(
      [&](double x) { return slope(p, logs, std::exp(x)); }, -limit, limit, low,
      high, tools::eps_tolerance<double>(44), steps);
  return (left + right) / 2;
}

void check(const Predictions& p) {
  check_predictions(p);
  if (p.size() == 0) {
    fail<DataError>(
        "[temperature] expected at least one validation row; got none. Is the "
        "split empty?");
  }
}

}  // namespace

TemperatureFit fit_temperature(const Predictions& validation) {
  check(validation);
  const auto logs = log_rows(validation);
  const double limit = std::log(kTemperatureLimit);
  const double low = slope(validation, logs, std::exp(-limit));
  const double high = slope(validation, logs, std::exp(limit));
  TemperatureFit fit;
  // Rows without any preference: every T is the same.
  const bool flat = *std::min_element(logs.begin(), logs.end()) > -1e-12;
  if (!flat && low >= 0) {
    fit.temperature = kTemperatureLimit;
    fit.at_limit = true;
  } else if (!flat && high <= 0) {
    fit.temperature = 1 / kTemperatureLimit;
    fit.at_limit = true;
  } else if (!flat) {
    fit.temperature = std::exp(-root(validation, logs, limit, low, high));
  }
  const auto loss = [](const Predictions& p) {
    return log_loss(p.labels, p.probabilities, p.classes());
  };
  fit.log_loss_before = loss(validation);
  fit.log_loss_after = loss(apply_temperature(validation, fit.temperature));
  return fit;
}

Predictions apply_temperature(const Predictions& predictions,
                              double temperature) {
  check_predictions(predictions);
  if (!(std::isfinite(temperature) && temperature > 0)) {
    fail<DataError>(
        "[temperature] expected a finite temperature above 0; got {}. Fit it "
        "on the validation split.",
        temperature);
  }
  Predictions scaled = predictions;
  if (temperature == 1) return scaled;
  const auto logs = log_rows(predictions);
  const size_t classes = predictions.classes();
  for (size_t i = 0; i < predictions.size(); ++i) {
    double* row = scaled.probabilities.data() + i * classes;
    double total = 0;
    for (size_t k = 0; k < classes; ++k)
      total += row[k] = std::exp(logs[i * classes + k] / temperature);
    for (size_t k = 0; k < classes; ++k) row[k] /= total;
  }
  return scaled;
}

}  // namespace fer
