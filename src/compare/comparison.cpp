#include "compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "compare/seed_variance.h"
#include "core/error.h"
#include "stats/bootstrap.h"
#include "stats/holm.h"
#include "stats/pairing.h"

namespace fer {
namespace {

std::vector<Statistic> seed_statistics(const CompareMetric& metric,
                                       const Lineup& lineup, size_t entry) {
  std::vector<Statistic> seeds;
  for (const Predictions& p : lineup.entries[entry].predictions)
    seeds.push_back(
        metric_statistic(metric, p, lineup.positive, lineup.zero_division));
  return seeds;
}

EntryScore score_of(const Lineup& lineup, size_t entry,
                    const CompareMetric& metric, int resamples) {
  const auto seeds = seed_statistics(metric, lineup, entry);
  BootstrapOptions options;
  options.resamples = resamples;
  options.strata = lineup.first().labels;
  options.groups = lineup.groups;
  EntryScore score;
  const Estimate estimate = bootstrap(lineup.rows(), mean_of(seeds), options);
  score.value = estimate.value;
  score.interval = estimate.interval;
  std::vector<double> values;
  for (const Statistic& seed : seeds)
    values.push_back(value_of(seed, lineup.rows()));
  score.seeds = summarise(values);
  if (seeds.size() > 1) {
    score.variance = seed_variance(seeds, lineup.groups);
    const SeedPart part = seed_part(*score.variance);
    if (part.variance > 0)
      score.interval =
          seed_test(score.value, estimate.standard_error, part).interval;
  }
  score.interval = {std::max(score.interval.low, metric.lowest),
                    std::min(score.interval.high, metric.highest)};
  return score;
}

std::vector<size_t> best_first(const std::vector<EntryScore>& scores,
                               const CompareMetric& metric) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t x, size_t y) {
    return is_better(metric, scores[x].value, scores[y].value);
  });
  return order;
}

std::vector<PairTest> test_pairs(const Comparison& comparison,
                                 const CompareMetric& metric) {
  std::vector<PairTest> pairs;
  const auto& order = comparison.order;
  for (size_t i = 0; i < order.size(); ++i)
    for (size_t j = i + 1; j < order.size(); ++j)
      pairs.push_back({order[i], order[j],
                       metric_difference(comparison.lineup, order[i], order[j],
                                         metric, comparison.resamples)});
  std::vector<double> p;
  for (const PairTest& pair : pairs) p.push_back(pair.difference.p);
  const std::vector<double> adjusted = holm(p);
  for (size_t i = 0; i < pairs.size(); ++i) {
    pairs[i].holm_p = adjusted[i];
    pairs[i].distinguishable = adjusted[i] < kAlpha;
  }
  return pairs;
}

void count_rows(const Predictions& a, const Predictions& b,
                PairDetails& details) {
  const auto a_right = right_rows(a), b_right = right_rows(b);
  details.mcnemar = mcnemar(a_right, b_right);
  for (size_t i = 0; i < a_right.size(); ++i) {
    details.both_right += a_right[i] && b_right[i];
    details.both_wrong += !a_right[i] && !b_right[i];
  }
}

bool has_two_images(const Lineup& lineup, size_t class_index) {
  std::set<int64_t> groups;
  for (size_t i = 0; i < lineup.rows() && groups.size() < 2; ++i)
    if (lineup.first().labels[i] == static_cast<int64_t>(class_index))
      groups.insert(lineup.groups[i]);
  return groups.size() == 2;
}

PairDetails details_of(const Comparison& comparison, const PairTest& pair) {
  const Lineup& lineup = comparison.lineup;
  PairDetails details;
  details.a = pair.a;
  details.b = pair.b;
  const CompareEntry &a = lineup.entries[pair.a], &b = lineup.entries[pair.b];
  if (a.seeds() == 1 && b.seeds() == 1)
    count_rows(a.predictions[0], b.predictions[0], details);
  const auto metrics = compare_metrics();
  for (size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].name == comparison.metric)
      details.metrics.push_back(pair.difference);
    else if (std::isfinite(comparison.values[pair.a][m]))
      details.metrics.push_back(metric_difference(
          lineup, pair.a, pair.b, metrics[m], comparison.resamples));
  }
  for (size_t k = 0; k < lineup.first().classes(); ++k)
    if (has_two_images(lineup, k))
      details.recalls.push_back(
          recall_difference(lineup, pair.a, pair.b, k, comparison.resamples));
  details.pictures = find_disagreements(lineup, pair.a, pair.b);
  return details;
}

}  // namespace

Comparison compare_runs(Lineup lineup, const CompareOptions& options) {
  const CompareMetric& metric = compare_metric(options.metric);
  Comparison comparison;
  comparison.lineup = std::move(lineup);
  comparison.metric = options.metric;
  comparison.resamples = options.resamples;
  const Lineup& all = comparison.lineup;
  for (size_t i = 0; i < all.entries.size(); ++i) {
    comparison.scores.push_back(score_of(all, i, metric, options.resamples));
    comparison.values.emplace_back();
    for (const CompareMetric& other : compare_metrics())
      comparison.values.back().push_back(
          value_of(entry_statistic(other, all, i), all.rows()));
  }
  comparison.order = best_first(comparison.scores, metric);
  comparison.pairs = test_pairs(comparison, metric);
  for (const PairTest& pair : comparison.pairs)
    if (pair.a == comparison.order[0])
      comparison.details.push_back(details_of(comparison, pair));
  return comparison;
}

}  // namespace fer
