// Scores of decisions whose rows have weights: metrics/classification.h with
// fractions for counts.
#pragma once

#include <cstddef>
#include <vector>

namespace fer {

/// Rows are true classes, columns predicted ones.
struct WeightedConfusion {
  explicit WeightedConfusion(size_t k) : classes(k), counts(k * k) {}

  double right(size_t k) const { return counts[k * classes + k]; }
  double support(size_t k) const;    ///< weight of class k
  double predicted(size_t k) const;  ///< weight taken for class k

  size_t classes;
  std::vector<double> counts;  ///< [K, K]
};

/// One class against the rest; `zero_division` is the value of 0 / 0.
double precision_of(const WeightedConfusion& confusion, size_t k,
                    double zero_division);
double recall_of(const WeightedConfusion& confusion, size_t k,
                 double zero_division);
double f1_of(const WeightedConfusion& confusion, size_t k,
             double zero_division);

/// Plain mean over the classes; NaN is left out, as in macro_average().
double macro_f1_of(const WeightedConfusion& confusion, double zero_division);

/// Mean recall of the classes that have weight.
double balanced_accuracy_of(const WeightedConfusion& confusion);

/// Matthews correlation; 0 where it is undefined.
double mcc_of(const WeightedConfusion& confusion);

/// Cohen's kappa; NaN where it is undefined.
double kappa_of(const WeightedConfusion& confusion);

}  // namespace fer
