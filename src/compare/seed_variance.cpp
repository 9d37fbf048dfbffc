#include "compare/seed_variance.h"

#include <cmath>
#include <map>

#include "core/parallel.h"
#include "stats/distributions.h"

namespace fer {

VarianceSplit seed_variance(const std::vector<Statistic>& seeds,
                            std::span<const int64_t> groups) {
  std::map<int64_t, std::vector<size_t>> by_group;
  for (size_t row = 0; row < groups.size(); ++row)
    by_group[groups[row]].push_back(row);
  std::vector<std::vector<size_t>> units;
  for (auto& [group, rows] : by_group) units.push_back(std::move(rows));

  std::vector<double> values(seeds.size() * units.size());
  const auto count = static_cast<double>(units.size());
  for (size_t s = 0; s < seeds.size(); ++s) {
    const double all = seeds[s](std::vector<double>(groups.size(), 1.0));
    parallel_for(
        units.size(),
        [&](size_t begin, size_t end) {
          std::vector<double> weights(groups.size(), 1.0);
          for (size_t u = begin; u < end; ++u) {
            for (const size_t row : units[u]) weights[row] = 0;
            const double without = seeds[s](weights);
            for (const size_t row : units[u]) weights[row] = 1;
            values[s * units.size() + u] =
                std::isfinite(without) ? count * all - (count - 1) * without
                                       : all;
          }
        },
        64);
  }
  return variance_split(values, seeds.size(), units.size());
}

SeedPart seed_part(const VarianceSplit& split) {
  const auto count = static_cast<double>(split.seeds);
  const double part = split.seed / count;
  return {part, part * part / (count - 1)};
}

SeedPart operator+(const SeedPart& a, const SeedPart& b) {
  return {a.variance + b.variance, a.weight + b.weight};
}

SeedTest seed_test(double value, double standard_error, const SeedPart& part) {
  const double variance = standard_error * standard_error + part.variance;
  const double freedom = variance * variance / part.weight;
  const double error = std::sqrt(variance);
  const double reach = student_t_quantile(0.975, freedom) * error;
  return {{value - reach, value + reach}, student_t_p(value / error, freedom)};
}

}  // namespace fer
