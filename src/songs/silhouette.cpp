#include "songs/silhouette.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/parallel.h"

namespace fer {
namespace {

std::vector<double> sizes_of(const std::vector<int>& labels) {
  std::vector<double> sizes;
  for (const int label : labels) {
    const auto k = static_cast<size_t>(label);
    if (k >= sizes.size()) sizes.resize(k + 1);
    sizes[k] += 1;
  }
  return sizes;
}

// The silhouette of a point of cluster `own` from its sums of distances.
double silhouette(const std::vector<double>& sums,
                  const std::vector<double>& sizes, size_t own) {
  if (sizes[own] < 2) return 0;
  const double a = sums[own] / (sizes[own] - 1);
  double b = std::numeric_limits<double>::infinity();
  for (size_t k = 0; k < sizes.size(); ++k)
    if (k != own && sizes[k] > 0) b = std::min(b, sums[k] / sizes[k]);
  const double larger = std::max(a, b);
  return larger > 0 ? (b - a) / larger : 0;
}

bool is_defined(const std::vector<double>& sizes, size_t n) {
  const auto clusters =
      std::ranges::count_if(sizes, [](double size) { return size > 0; });
  return clusters >= 2 && static_cast<size_t>(clusters) < n;
}

}  // namespace

std::vector<double> silhouettes(const Points& points,
                                std::span<const std::vector<int>> labellings) {
  const auto n = static_cast<size_t>(points.rows());
  std::vector<std::vector<double>> sizes, scores;
  for (const auto& labels : labellings) {
    sizes.push_back(sizes_of(labels));
    scores.emplace_back(n, 0.0);
  }
  parallel_for(
      n,
      [&](size_t begin, size_t end) {
        std::vector<std::vector<double>> sums(labellings.size());
        for (size_t i = begin; i < end; ++i) {
          for (size_t l = 0; l < sums.size(); ++l)
            sums[l].assign(sizes[l].size(), 0.0);
          for (size_t j = 0; j < n; ++j) {
            const double distance = (points.row(static_cast<Eigen::Index>(i)) -
                                     points.row(static_cast<Eigen::Index>(j)))
                                        .norm();
            for (size_t l = 0; l < sums.size(); ++l)
              sums[l][static_cast<size_t>(labellings[l][j])] += distance;
          }
          for (size_t l = 0; l < sums.size(); ++l)
            scores[l][i] = silhouette(sums[l], sizes[l],
                                      static_cast<size_t>(labellings[l][i]));
        }
      },
      64);
  std::vector<double> means;
  for (size_t l = 0; l < scores.size(); ++l)
    means.push_back(
        is_defined(sizes[l], n)
            ? std::accumulate(scores[l].begin(), scores[l].end(), 0.0) /
                  static_cast<double>(n)
            : std::numeric_limits<double>::quiet_NaN());
  return means;
}

}  // namespace fer
