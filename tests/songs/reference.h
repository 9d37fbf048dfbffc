// Values that tests/reference/songs_sklearn.py made.
#pragma once

#include "core/json.h"
#include "songs/scaling.h"

namespace fer {

const Json& songs_reference();

/// A list of lists of numbers.
Points points_of(const Json& rows);

/// The numbers that the script's hashed(n, salt) gives.
std::vector<double> hashed(size_t n, uint32_t salt);

/// The points of a case of "generated".
Points generated_points(const Json& generated);

/// The largest difference; the shapes must be equal.
double largest_difference(const Points& a, const Points& b);

}  // namespace fer
