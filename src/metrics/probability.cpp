#include "metrics/probability.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace fer {
namespace {

void check_sizes(const char* where, size_t labels, size_t values,
                 size_t classes) {
  if (labels == 0) {
    fail<DataError>(
        "[{}] expected at least one image; got none. Is the split empty?",
        where);
  }
  if (values != labels * classes) {
    fail<DataError>(
        "[{}] expected {} x {} probabilities, as there are labels and "
        "classes; got {}.",
        where, labels, classes, values);
  }
}

void check_table(const char* where, std::span<const int64_t> labels,
                 std::span<const double> probabilities, size_t classes) {
  check_sizes(where, labels.size(), probabilities.size(), classes);
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= static_cast<int64_t>(classes)) {
      fail<DataError>("[{}] expected labels in [0, {}); got {} (row {}).",
                      where, classes, labels[i], i);
    }
    const std::string fault =
        row_fault(probabilities.subspan(i * classes, classes));
    if (!fault.empty()) {
      fail<DataError>(
          "[{}] expected probabilities in [0, 1] that sum to 1 within {}; got "
          "{} (row {}).",
          where, kRowSumTolerance, fault, i);
    }
  }
}

}  // namespace

std::string row_fault(std::span<const double> row) {
  double sum = 0;
  for (size_t k = 0; k < row.size(); ++k) {
    if (std::isnan(row[k])) return fmt::format("NaN for label {}", k);
    if (row[k] < 0 || row[k] > 1)
      return fmt::format("{} for label {}", row[k], k);
    sum += row[k];
  }
  if (std::abs(sum - 1) > kRowSumTolerance)
    return fmt::format("a sum of {}", sum);
  return {};
}

double log_loss(std::span<const int64_t> labels,
                std::span<const double> probabilities, size_t classes) {
  check_table("log_loss", labels, probabilities, classes);
  constexpr double kEps = std::numeric_limits<double>::epsilon();
  double sum = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const double p =
        probabilities[i * classes + static_cast<size_t>(labels[i])];
    sum -= std::log(std::clamp(p, kEps, 1 - kEps));
  }
  return sum / static_cast<double>(labels.size());
}

double brier_binary(std::span<const int64_t> labels, int64_t positive,
                    std::span<const double> scores) {
  check_sizes("brier", labels.size(), scores.size(), 1);
  double sum = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (!(scores[i] >= 0 && scores[i] <= 1)) {
      fail<DataError>("[brier] expected scores in [0, 1]; got {} (row {}).",
                      scores[i], i);
    }
    const double error = (labels[i] == positive ? 1.0 : 0.0) - scores[i];
    sum += error * error;
  }
  return sum / static_cast<double>(labels.size());
}

double brier_multiclass(std::span<const int64_t> labels,
                        std::span<const double> probabilities, size_t classes) {
  check_table("brier", labels, probabilities, classes);
  double sum = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    for (size_t k = 0; k < classes; ++k) {
      const double y = labels[i] == static_cast<int64_t>(k) ? 1.0 : 0.0;
      const double error = y - probabilities[i * classes + k];
      sum += error * error;
    }
  }
  return sum / static_cast<double>(labels.size());
}

}  // namespace fer
