// How well clusters are apart.
#pragma once

#include <span>
#include <vector>

#include "songs/scaling.h"

namespace fer {

/// Mean silhouette (Rousseeuw 1987) of each labelling, Euclidean: per point
/// (b - a) / max(a, b), a the mean distance to the own cluster's other points,
/// b the least mean distance to another cluster's; 0 for a point alone. Labels
/// count from 0. NaN unless a labelling has 2 to n - 1 clusters. All labellings
/// share one pass over the n^2 distances, on all cores; the result does not
/// depend on their number.
std::vector<double> silhouettes(const Points& points,
                                std::span<const std::vector<int>> labellings);

}  // namespace fer
