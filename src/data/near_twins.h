// The search for near twins. Candidates come from the perceptual hash, without
// a look at all pairs; the correlation of the pixels decides.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "config/sections.h"
#include "data/image_set.h"
#include "data/perceptual_hash.h"
#include "data/twins.h"

namespace fer {

/// Images that are smaller than this, in height or width, are not searched:
/// too few pixels to tell a near twin from chance.
inline constexpr size_t kLeastSide = 16;

/// All pairs of near twins among images[rows] that the search finds, ascending;
/// `rows` ascends and should hold one image of each group of exact copies.
///
/// Each picture's window in the middle stands in a table under its key. Each
/// picture asks the table with its windows at all shifts, and their mirror
/// images, each under kProbes keys; who answers with a like descriptor is a
/// candidate. A key has log2(n) bits, so that buckets keep their size as n
/// grows.
std::vector<TwinPair> find_near_twins(const ImageSet& images,
                                      std::span<const int64_t> rows,
                                      const TwinConfig& config);

}  // namespace fer
