#include "leaderboard/standing.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "stats/bootstrap.h"
#include "stats/holm.h"
#include "stats/pairing.h"
#include "stats/seed_test.h"
#include "stats/seeds.h"

namespace fer {
namespace {

constexpr double kLevel = 0.95;

BootstrapOptions options_for(std::span<const int64_t> groups) {
  BootstrapOptions options;
  options.resamples = kBoardResamples;
  options.level = kLevel;
  options.seed = kBoardSeed;
  options.groups.assign(groups.begin(), groups.end());
  return options;
}

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Interval image_interval(std::span<const double> right,
                        std::span<const int64_t> groups) {
  const Estimate estimate =
      bootstrap(right.size(), mean_statistic(right), options_for(groups));
  if (estimate.interval.low < estimate.interval.high) return estimate.interval;
  const std::set<int64_t> units(groups.begin(), groups.end());
  const auto n = static_cast<int64_t>(units.size());
  return wilson_interval(std::llround(mean_of(right) * double(n)), n);
}

// Of a mean over two seeds or more.
SeedPart doubt_of(std::span<const double> values) {
  const SeedSummary seeds = summarise(values);
  const auto n = static_cast<double>(seeds.n);
  const double variance = seeds.std * seeds.std / n;
  return {variance, variance * variance / (n - 1)};
}

// Of a difference between means of n and m seeds that spread as the table's.
SeedPart doubt_of(const SeedSpread& table, size_t n, size_t m) {
  const double variance = table.variance * (1 / double(n) + 1 / double(m));
  return {variance, variance * variance / table.freedom};
}

double seed_half_width(std::span<const double> accuracies) {
  if (accuracies.size() < 2) return 0;
  const Interval interval = summarise(accuracies, kLevel).interval;
  return (interval.high - interval.low) / 2;
}

// The audits of two versions may know of different twins: the one that holds
// most rows together serves the whole table.
const RunScore& reference_run(std::span<const SeedRuns> runs) {
  const RunScore* found = nullptr;
  size_t fewest = 0;
  for (const SeedRuns& seeds : runs) {
    for (const RunScore* run : seeds) {
      const size_t units =
          std::set<int64_t>(run->groups.begin(), run->groups.end()).size();
      if (!found || units < fewest) {
        found = run;
        fewest = units;
      }
    }
  }
  return *found;
}

std::vector<double> accuracies(const SeedRuns& runs) {
  std::vector<double> all;
  for (const RunScore* run : runs)
    all.push_back(run->scores.at("accuracy").get<double>());
  return all;
}

}  // namespace

std::vector<double> share_right(const Predictions& reference,
                                const SeedRuns& runs) {
  std::vector<double> share(reference.size(), 0.0);
  for (const RunScore* run : runs) {
    const Pairs pairs = pair_rows(reference, run->predictions);
    const std::vector<bool> right = right_rows(run->predictions);
    for (size_t i = 0; i < pairs.size(); ++i)
      share[pairs.a[i]] += right[pairs.b[i]] ? 1.0 : 0.0;
  }
  for (double& value : share) value /= static_cast<double>(runs.size());
  return share;
}

Interval accuracy_interval(std::span<const double> right,
                           std::span<const double> seed_accuracies,
                           std::span<const int64_t> groups) {
  const double mean = mean_of(right);
  const Interval images = image_interval(right, groups);
  const double seeds = seed_half_width(seed_accuracies);
  return {std::max(0.0, mean - std::hypot(mean - images.low, seeds)),
          std::min(1.0, mean + std::hypot(images.high - mean, seeds))};
}

SeedSpread table_spread(std::span<const std::vector<double>> accuracies) {
  double squares = 0, freedom = 0;
  for (const std::vector<double>& seeds : accuracies) {
    const double mean = mean_of(seeds);
    for (const double value : seeds) squares += (value - mean) * (value - mean);
    freedom += static_cast<double>(seeds.size()) - 1;
  }
  return {freedom > 0 ? squares / freedom : 0, freedom};
}

double seeds_p(double difference, double image_error, std::span<const double> a,
               std::span<const double> b, const SeedSpread& table) {
  const SeedPart doubt = a.size() < 2 || b.size() < 2
                             ? doubt_of(table, a.size(), b.size())
                             : doubt_of(a) + doubt_of(b);
  if (doubt.variance <= 0) return 0;
  return seed_test(difference, image_error, doubt).p;
}

void set_standings(std::span<BoardRow* const> rows,
                   std::span<const SeedRuns> runs) {
  const RunScore& reference = reference_run(runs);
  const BootstrapOptions options = options_for(reference.groups);
  std::vector<std::vector<double>> right, seeds;
  for (size_t i = 0; i < rows.size(); ++i) {
    seeds.push_back(accuracies(runs[i]));
    right.push_back(share_right(reference.predictions, runs[i]));
    rows[i]->accuracy_interval =
        accuracy_interval(right[i], seeds[i], reference.groups);
  }
  const auto best = static_cast<size_t>(
      std::ranges::max_element(right, {}, mean_of) - right.begin());
  const SeedSpread spread = table_spread(seeds);
  std::vector<double> p;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == best) continue;
    const PairedDifference images =
        paired_bootstrap(right[i].size(), mean_statistic(right[i]),
                         mean_statistic(right[best]), options);
    p.push_back(
        std::max(images.p, seeds_p(images.difference, images.standard_error,
                                   seeds[i], seeds[best], spread)));
  }
  const std::vector<double> adjusted = holm(p);
  for (size_t i = 0, other = 0; i < rows.size(); ++i) {
    rows[i]->difference = mean_of(right[i]) - mean_of(right[best]);
    rows[i]->p = i == best ? 1 : adjusted[other++];
    rows[i]->standing = i == best                  ? Standing::kBest
                        : rows[i]->p >= 1 - kLevel ? Standing::kTied
                                                   : Standing::kBehind;
  }
}

}  // namespace fer
