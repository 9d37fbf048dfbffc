// How much two entries differ in one score, and how sure that is.
#pragma once

#include <cstddef>
#include <string>

#include "compare/compare_metric.h"
#include "compare/lineup.h"
#include "metrics/proportion.h"

namespace fer {

/// How p and interval were made.
enum class DifferenceTest {
  kMcNemar,         ///< exact McNemar; interval: paired bootstrap
  kDeLong,          ///< both
  kBootstrap,       ///< paired bootstrap of the rows (or groups of copies)
  kBootstrapSeeds,  ///< the same with the variance over seeds added
};
/// "exact McNemar", "DeLong", "paired bootstrap", ...
const char* name_of(DifferenceTest test);

struct Difference {
  std::string what;       ///< name of the metric, or of a class
  double a = 0, b = 0;    ///< means over the seeds
  double difference = 0;  ///< a - b
  Interval interval;      ///< 95 %
  double p = 1;           ///< two-sided, for "there is no difference"
  DifferenceTest test = DifferenceTest::kBootstrap;
};

/// Entries a and b of the lineup in one metric. The test:
/// - one seed each, no copies among the rows: exact McNemar for accuracy,
///   DeLong for the AUC of two classes;
/// - else a paired bootstrap of the groups of copies, stratified by label, of
///   the means over the seeds. With several seeds on either side and s_e^2 the
///   seed's variance (seed_variance.h) of S_e seeds,
///     SE^2 = SE_bootstrap^2 + sum_e s_e^2 / S_e,
///     t = difference / SE with SE^4 / sum_e (s_e^2 / S_e)^2 / (S_e - 1)
///   degrees of freedom (Welch-Satterthwaite).
/// DataError for a metric that is undefined on these rows (AUC of a class
/// without images).
Difference metric_difference(const Lineup& lineup, size_t a, size_t b,
                             const CompareMetric& metric, int resamples);

/// Recall of one class, `what` its name. McNemar or bootstrap on the rows of
/// that class alone. DataError when it has fewer than two different images.
Difference recall_difference(const Lineup& lineup, size_t a, size_t b,
                             size_t class_index, int resamples);

}  // namespace fer
