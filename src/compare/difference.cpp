#include "compare/difference.h"

#include "compare/seed_variance.h"
#include "core/error.h"
#include "stats/bootstrap.h"
#include "stats/delong.h"
#include "stats/mcnemar.h"
#include "stats/pairing.h"

namespace fer {
namespace {

using Scores = std::vector<Statistic>;  // one per seed

/// What is drawn: which rows belong together, and their labels.
struct Rows {
  std::vector<int64_t> groups, labels;
  bool independent = true;
  size_t size() const { return labels.size(); }
};

BootstrapOptions options_of(const Rows& rows, int resamples) {
  BootstrapOptions options;
  options.resamples = resamples;
  options.strata = rows.labels;
  options.groups = rows.groups;
  return options;
}

SeedPart part_of(const Scores& seeds, const Rows& rows) {
  if (seeds.size() < 2) return {};
  return seed_part(seed_variance(seeds, rows.groups));
}

Difference bootstrapped(const Scores& a, const Scores& b, const Rows& rows,
                        int resamples) {
  const Statistic mean_a = mean_of(a), mean_b = mean_of(b);
  Difference d;
  d.a = value_of(mean_a, rows.size());
  d.b = value_of(mean_b, rows.size());
  const PairedDifference paired = paired_bootstrap(rows.size(), mean_a, mean_b,
                                                   options_of(rows, resamples));
  d.difference = paired.difference;
  d.interval = paired.interval;
  d.p = paired.p;
  if (a.size() == 1 && b.size() == 1) return d;
  d.test = DifferenceTest::kBootstrapSeeds;
  const SeedPart part = part_of(a, rows) + part_of(b, rows);
  if (!(part.variance > 0)) return d;
  const SeedTest counted = seed_test(d.difference, paired.standard_error, part);
  d.interval = counted.interval;
  d.p = counted.p;
  return d;
}

bool exact_test(const CompareEntry& a, const CompareEntry& b,
                const Rows& rows) {
  return a.seeds() == 1 && b.seeds() == 1 && rows.independent;
}

void use_mcnemar(const Predictions& a, const Predictions& b, Difference& d) {
  d.test = DifferenceTest::kMcNemar;
  d.p = mcnemar(right_rows(a), right_rows(b)).exact_p;
}

Difference with_delong(const Lineup& lineup, const Predictions& a,
                       const Predictions& b) {
  const AucDifference auc =
      delong_difference(a.labels, static_cast<int64_t>(lineup.positive),
                        a.scores(lineup.positive), b.scores(lineup.positive));
  return {"auc",
          auc.auc_a,
          auc.auc_b,
          auc.difference,
          auc.interval,
          auc.p,
          DifferenceTest::kDeLong};
}

Scores scores_of(const CompareMetric& metric, const Lineup& lineup,
                 size_t entry) {
  Scores seeds;
  for (const Predictions& p : lineup.entries[entry].predictions)
    seeds.push_back(
        metric_statistic(metric, p, lineup.positive, lineup.zero_division));
  return seeds;
}

// Rows of one class, from every table in the same order.
std::vector<size_t> rows_of_class(const Predictions& p, size_t class_index) {
  std::vector<size_t> rows;
  for (size_t i = 0; i < p.size(); ++i)
    if (p.labels[i] == static_cast<int64_t>(class_index)) rows.push_back(i);
  return rows;
}

}  // namespace

const char* name_of(DifferenceTest test) {
  switch (test) {
    case DifferenceTest::kMcNemar:
      return "exact McNemar";
    case DifferenceTest::kDeLong:
      return "DeLong";
    case DifferenceTest::kBootstrap:
      return "paired bootstrap";
    case DifferenceTest::kBootstrapSeeds:
      return "paired bootstrap, seeds counted";
  }
  return "";
}

Difference metric_difference(const Lineup& lineup, size_t a, size_t b,
                             const CompareMetric& metric, int resamples) {
  const CompareEntry &first = lineup.entries[a], &second = lineup.entries[b];
  const Rows rows{lineup.groups, lineup.first().labels, lineup.independent()};
  const bool exact = exact_test(first, second, rows);
  if (metric.name == "auc" && exact && lineup.first().classes() == 2)
    return with_delong(lineup, first.predictions[0], second.predictions[0]);
  Difference d = bootstrapped(scores_of(metric, lineup, a),
                              scores_of(metric, lineup, b), rows, resamples);
  d.what = metric.name;
  if (metric.name == "accuracy" && exact)
    use_mcnemar(first.predictions[0], second.predictions[0], d);
  return d;
}

Difference recall_difference(const Lineup& lineup, size_t a, size_t b,
                             size_t class_index, int resamples) {
  const auto chosen = rows_of_class(lineup.first(), class_index);
  const auto tables_of = [&](size_t entry) {
    std::vector<Predictions> seeds;
    for (const Predictions& p : lineup.entries[entry].predictions)
      seeds.push_back(select_rows(p, chosen));
    return seeds;
  };
  const auto first = tables_of(a), second = tables_of(b);
  Rows rows;
  for (const size_t row : chosen) rows.groups.push_back(lineup.groups[row]);
  rows.labels = first[0].labels;
  rows.independent = lineup.independent();
  Scores scores_a, scores_b;
  for (const Predictions& p : first) scores_a.push_back(accuracy_statistic(p));
  for (const Predictions& p : second) scores_b.push_back(accuracy_statistic(p));
  Difference d = bootstrapped(scores_a, scores_b, rows, resamples);
  d.what = lineup.first().class_names[class_index];
  if (exact_test(lineup.entries[a], lineup.entries[b], rows))
    use_mcnemar(first[0], second[0], d);
  return d;
}

}  // namespace fer
