#include "reproduce/measure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/scores.h"
#include "reproduce/score_statistic.h"
#include "stats/bootstrap.h"
#include "stats/pairing.h"
#include "stats/seeds.h"

namespace fer {
namespace {

/// Predictions of each seed that has the split, and one audit for all.
struct Scored {
  std::vector<Statistic> statistics;
  std::vector<double> values;
  const RunFiles* first = nullptr;
};

Scored scored(const ExperimentRuns& experiment, const std::string& split,
              const std::string& metric, const std::string& positive) {
  Scored all;
  for (const RunFiles& run : experiment.runs) {
    const auto found = run.predictions.find(split);
    if (found == run.predictions.end()) continue;
    const std::vector<double> ones(found->second.size(), 1.0);
    const std::string where =
        (run.path / ("predictions-" + split + ".csv")).string();
    all.statistics.push_back(
        score_statistic(found->second, metric, positive, where));
    all.values.push_back(all.statistics.back()(ones));
    if (!all.first) all.first = &run;
  }
  return all;
}

Estimate over_images(const Scored& all, const std::string& split,
                     int resamples) {
  const Predictions& predictions = all.first->predictions.at(split);
  const Statistic mean = [&all](std::span<const double> weights) {
    double sum = 0;
    for (const Statistic& statistic : all.statistics) sum += statistic(weights);
    return sum / static_cast<double>(all.statistics.size());
  };
  BootstrapOptions options;
  options.resamples = resamples;
  options.groups = row_groups(predictions, all.first->audit, split);
  return bootstrap(predictions.size(), mean, options);
}

/// Half the width in which one more seed falls; 0 for one seed alone.
double seed_reach(const SeedSummary& seeds) {
  if (seeds.n < 2) return 0;
  // The interval of the mean is t s / sqrt(n); that of one more t s
  // sqrt(1 + 1/n).
  const double of_mean = seeds.interval.high - seeds.mean;
  return of_mean * std::sqrt(static_cast<double>(seeds.n) + 1);
}

std::optional<Measured> measure_parameters(const ExperimentRuns& experiment,
                                           const std::string& metric) {
  for (const RunFiles& run : experiment.runs) {
    const auto model = run.metrics.find("model");
    if (model == run.metrics.end()) continue;
    const auto count = number(*model, metric);
    if (!count) continue;
    return Measured{
        1, *count, std::numeric_limits<double>::quiet_NaN(), {*count, *count}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Measured> measure(const ExperimentRuns& experiment,
                                const std::string& split,
                                const std::string& metric,
                                const std::string& positive, int resamples) {
  if (metric.ends_with("parameters"))
    return measure_parameters(experiment, metric);
  const Scored all = scored(experiment, split, metric, positive);
  if (all.values.empty()) return std::nullopt;
  const SeedSummary seeds = summarise(all.values);
  const Interval images = over_images(all, split, resamples).interval;
  const double reach = seed_reach(seeds);
  Interval joined{seeds.mean - std::hypot(seeds.mean - images.low, reach),
                  seeds.mean + std::hypot(images.high - seeds.mean, reach)};
  joined.low = std::max(joined.low, 0.0);
  if (!lower_is_better(metric)) joined.high = std::min(joined.high, 1.0);
  return Measured{seeds.n, seeds.mean, seeds.std, joined};
}

const char* verdict_name(CellVerdict verdict) {
  switch (verdict) {
    case CellVerdict::kReproduced:
      return "reproduced";
    case CellVerdict::kNotReproduced:
      return "not reproduced";
    case CellVerdict::kExplainedByLeak:
      return "explained by the leak";
    default:
      return "not run";
  }
}

CellVerdict judge(const PrintedNumber& number, bool float32,
                  const std::string& metric,
                  const std::optional<Measured>& report,
                  const std::optional<Measured>& clean) {
  if (!report) return CellVerdict::kNotRun;
  const Bounds bounds =
      bounds_of(number, float32 ? Rounding::kFloat32 : Rounding::kNearest);
  const double low = bounds.low.value(), high = bounds.high.value();
  if (report->interval.high < low || report->interval.low > high)
    return CellVerdict::kNotReproduced;
  if (!clean || metric.ends_with("parameters")) return CellVerdict::kReproduced;
  const bool worse = lower_is_better(metric) ? clean->interval.low > high
                                             : clean->interval.high < low;
  return worse ? CellVerdict::kExplainedByLeak : CellVerdict::kReproduced;
}

}  // namespace fer
