// KMeans as scikit-learn runs it (Lloyd 1982; k-means++ of Arthur and
// Vassilvitskii 2007 in scikit-learn's greedy form), draw for draw: the same
// points and seed give the same clusters under the same numbers. That matters,
// because the report names its clusters by their numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "core/numpy_random.h"
#include "songs/scaling.h"

namespace fer {

struct KMeansOptions {
  int clusters = 2;
  int restarts = 10;        ///< n_init: the run of least inertia stays
  int iterations = 300;     ///< at most, each run
  double tolerance = 1e-4;  ///< of the centres' shift, times the mean variance
  uint32_t seed = 42;       ///< random_state
};

struct KMeans {
  Points centres;           ///< [clusters, features]
  std::vector<int> labels;  ///< of each point
  double inertia = 0;       ///< sum of squared distances to the own centre
  int iterations = 0;       ///< of the run that stayed
};

/// One run from the given centres. A cluster that loses all its points takes
/// the point farthest from its centre. DataError when there are fewer points
/// than centres, or none.
KMeans run_lloyd(const Points& points, const Points& centres,
                 const KMeansOptions& options);

/// `restarts` runs, each from centres that k-means++ draws.
KMeans fit_kmeans(const Points& points, const KMeansOptions& options);

/// Centres drawn from the points: the first at random, each next one the best
/// of 2 + log(k) candidates drawn in proportion to the squared distance from
/// the centres so far.
Points draw_centres(const Points& points, int clusters, NumpyRandom& random);

/// Whether two labellings differ by the clusters' numbers only.
bool same_clustering(const std::vector<int>& a, const std::vector<int>& b);

}  // namespace fer
