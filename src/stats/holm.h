// Many comparisons at once.
#pragma once

#include <span>
#include <vector>

namespace fer {

/// Holm (1979), adjusted p-values in the order of the input: with p sorted,
/// the i-th of m (from 1) becomes max over j <= i of min(1, (m - j + 1) p_j).
/// Those below 0.05 are significant with a chance of 5 % of any false one
/// among all m, whatever their dependence. None gives none; DataError for a p
/// outside [0, 1] or NaN.
std::vector<double> holm(std::span<const double> p);

}  // namespace fer
