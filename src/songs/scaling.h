// Columns of numbers brought to a common scale.
#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

namespace fer {

/// One row per song, one column per feature.
using Points =
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// (x - min) / (max - min), computed as scikit-learn's MinMaxScaler does; a
/// constant column becomes 0. NaN stays NaN and counts for nothing.
std::vector<double> min_max(std::span<const double> values);

/// Each column by itself.
Points min_max(const Points& points);

/// (values below + half of those equal) / n, in (0, 1); ties share a rank, so
/// the order of the values does not matter. NaN stays NaN and is not counted.
std::vector<double> middle_ranks(std::span<const double> values);

}  // namespace fer
