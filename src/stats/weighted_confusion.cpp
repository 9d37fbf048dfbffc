#include "stats/weighted_confusion.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double ratio(double numerator, double denominator, double zero_division) {
  return denominator > 0 ? numerator / denominator : zero_division;
}

/// What a chance agreement of the margins would give.
struct Agreement {
  double total = 0, right = 0;
  double product = 0;          ///< sum of support * predicted
  double truth = 0, said = 0;  ///< sums of their squares
};

Agreement agreement(const WeightedConfusion& confusion) {
  Agreement sums;
  for (size_t k = 0; k < confusion.classes; ++k) {
    const double t = confusion.support(k), p = confusion.predicted(k);
    sums.total += t;
    sums.right += confusion.right(k);
    sums.product += t * p;
    sums.truth += t * t;
    sums.said += p * p;
  }
  return sums;
}

}  // namespace

double WeightedConfusion::support(size_t k) const {
  double sum = 0;
  for (size_t j = 0; j < classes; ++j) sum += counts[k * classes + j];
  return sum;
}

double WeightedConfusion::predicted(size_t k) const {
  double sum = 0;
  for (size_t i = 0; i < classes; ++i) sum += counts[i * classes + k];
  return sum;
}

double precision_of(const WeightedConfusion& confusion, size_t k,
                    double zero_division) {
  return ratio(confusion.right(k), confusion.predicted(k), zero_division);
}

double recall_of(const WeightedConfusion& confusion, size_t k,
                 double zero_division) {
  return ratio(confusion.right(k), confusion.support(k), zero_division);
}

double f1_of(const WeightedConfusion& confusion, size_t k,
             double zero_division) {
  return ratio(2 * confusion.right(k),
               confusion.support(k) + confusion.predicted(k), zero_division);
}

double macro_f1_of(const WeightedConfusion& confusion, double zero_division) {
  double sum = 0;
  int n = 0;
  for (size_t k = 0; k < confusion.classes; ++k) {
    const double f1 = f1_of(confusion, k, zero_division);
    if (std::isnan(f1)) continue;
    sum += f1;
    ++n;
  }
  return n > 0 ? sum / n : kNan;
}

double balanced_accuracy_of(const WeightedConfusion& confusion) {
  double sum = 0;
  int present = 0;
  for (size_t k = 0; k < confusion.classes; ++k) {
    const double support = confusion.support(k);
    if (support == 0) continue;
    sum += confusion.right(k) / support;
    ++present;
  }
  return sum / present;
}

double mcc_of(const WeightedConfusion& confusion) {
  const Agreement s = agreement(confusion);
  const double square = s.total * s.total;
  const double said = square - s.said, truth = square - s.truth;
  // Weights may be fractions: what is 0 but for rounding counts as 0.
  if (std::min(said, truth) <= 1e-12 * square) return 0;
  return (s.right * s.total - s.product) / std::sqrt(said * truth);
}

double kappa_of(const WeightedConfusion& confusion) {
  const Agreement s = agreement(confusion);
  const double square = s.total * s.total;
  if (square - s.product <= 1e-12 * square) return kNan;
  return (s.right * s.total - s.product) / (square - s.product);
}

}  // namespace fer
