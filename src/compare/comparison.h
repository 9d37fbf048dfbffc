// Who is better, by how much, how sure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "compare/difference.h"
#include "compare/disagreements.h"
#include "compare/lineup.h"
#include "metrics/proportion.h"
#include "stats/mcnemar.h"
#include "stats/seeds.h"

namespace fer {

/// Two entries differ when Holm's p of the chosen metric is below this.
inline constexpr double kAlpha = 0.05;

struct CompareOptions {
  std::string metric = "accuracy";
  int resamples = 10'000;
};

/// What one entry scores in one metric.
struct EntryScore {
  double value = 0;  ///< mean over the seeds; NaN: undefined on these rows
  /// 95 %: bootstrap over the images (groups of copies); with several seeds
  /// their variance is added as in seed_test().
  Interval interval;
  SeedSummary seeds;  ///< over the seeds; std and interval NaN for one
  /// Where the doubt comes from; nothing for one seed.
  std::optional<VarianceSplit> variance;
};

/// Two entries in the chosen metric.
struct PairTest {
  size_t a = 0, b = 0;  ///< entries; a is not the worse one
  Difference difference;
  double holm_p = 1;  ///< over all pairs
  bool distinguishable = false;
};

/// Two entries in full.
struct PairDetails {
  size_t a = 0, b = 0;
  /// Rows; nothing when there are several seeds.
  std::optional<McNemar> mcnemar;
  int64_t both_right = 0, both_wrong = 0;
  std::vector<Difference> metrics;  ///< those that are defined
  std::vector<Difference> recalls;  ///< classes with two images or more
  Disagreements pictures;
};

struct Comparison {
  Lineup lineup;
  std::string metric;
  int resamples = 0;
  std::vector<size_t> order;  ///< entries, best first
  /// By entry, as in the lineup, then by compare_metrics().
  std::vector<std::vector<double>> values;
  std::vector<EntryScore> scores;    ///< by entry, in the chosen metric
  std::vector<PairTest> pairs;       ///< all of them
  std::vector<PairDetails> details;  ///< the first of `order` with each other

  const CompareEntry& entry(size_t i) const { return lineup.entries[i]; }
};

/// DataError for an unknown metric or one that is undefined on these rows, or
/// what bootstrap() throws (fewer than two different images, resamples out of
/// range).
Comparison compare_runs(Lineup lineup, const CompareOptions& options = {});

/// "A is better than B: accuracy 94.6 % against 93.1 %, +1.5 points [0.4, 2.6],
/// p = 0.008 (exact McNemar), n = 1,474", "A and B cannot be told apart: ...".
/// For more than two the best first, with Holm's p.
std::string compare_sentence(const Comparison& comparison);

/// The sentence, then the tables, for a terminal.
std::string compare_text(const Comparison& comparison);

/// The same as one object: docs/compare.md lists the keys.
Json compare_json(const Comparison& comparison);

}  // namespace fer
