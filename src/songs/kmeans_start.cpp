// k-means++: where the runs start.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "songs/kmeans.h"

namespace fer {
namespace {

using Eigen::Index;

// For each point the squared distance to the nearest centre, and their sum.
struct Nearest {
  Eigen::VectorXd distances;
  double sum = 0;
};

Nearest with_centre(const Points& points, Index centre,
                    const Eigen::VectorXd* so_far) {
  Nearest nearest;
  nearest.distances =
      (points.rowwise() - points.row(centre)).rowwise().squaredNorm();
  if (so_far) nearest.distances = nearest.distances.cwiseMin(*so_far);
  nearest.sum = nearest.distances.sum();
  return nearest;
}

// Points drawn in proportion to their distances.
std::vector<Index> draw_candidates(const Nearest& nearest, int trials,
                                   NumpyRandom& random) {
  std::vector<double> cumulative(static_cast<size_t>(nearest.distances.size()));
  std::partial_sum(nearest.distances.begin(), nearest.distances.end(),
                   cumulative.begin());
  std::vector<Index> candidates;
  for (int i = 0; i < trials; ++i) {
    const double value = random.random_sample() * nearest.sum;
    const auto at = std::ranges::lower_bound(cumulative, value);
    candidates.push_back(
        std::min<Index>(at - cumulative.begin(), nearest.distances.size() - 1));
  }
  return candidates;
}

}  // namespace

Points draw_centres(const Points& points, int clusters, NumpyRandom& random) {
  const int trials = 2 + static_cast<int>(std::log(clusters));
  const std::vector<double> even(static_cast<size_t>(points.rows()),
                                 1.0 / static_cast<double>(points.rows()));
  Points centres(clusters, points.cols());
  const Index first = random.choice(1, even)[0];
  centres.row(0) = points.row(first);
  Nearest nearest = with_centre(points, first, nullptr);
  for (int k = 1; k < clusters; ++k) {
    Nearest best;
    Index chosen = -1;
    for (const Index candidate : draw_candidates(nearest, trials, random)) {
      Nearest tried = with_centre(points, candidate, &nearest.distances);
      if (chosen >= 0 && tried.sum >= best.sum) continue;
      best = std::move(tried);
      chosen = candidate;
    }
    centres.row(k) = points.row(chosen);
    nearest = std::move(best);
  }
  return centres;
}

}  // namespace fer
