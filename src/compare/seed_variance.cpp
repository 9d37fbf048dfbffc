#include "compare/seed_variance.h"

#include <cmath>
#include <map>

#include "core/parallel.h"

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

}  // namespace fer
