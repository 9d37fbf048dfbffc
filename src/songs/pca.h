// Principal components, for the picture of the clusters.
#pragma once

#include <vector>

#include "songs/scaling.h"

namespace fer {

struct Pca {
  Points projected;                    ///< [points, dimensions]
  Points components;                   ///< [dimensions, features], unit length
  std::vector<double> variance_share;  ///< of each component, 0 to 1
};

/// The `dimensions` directions of greatest variance (Pearson 1901), by the
/// eigenvectors of the covariance. As in scikit-learn the largest entry of each
/// component (by size) is positive. Fewer features than dimensions give as many
/// components as there are features. DataError for fewer than two points.
Pca principal_components(const Points& points, int dimensions = 2);

}  // namespace fer
