// Exact copies among images: what leaks when a split cuts through them.
#pragma once

#include <cstdint>
#include <vector>

#include "data/image_set.h"

namespace fer {

/// For each image the index of the first image with the same pixels (itself
/// where it is the first). Linear in the number of images; equality is
/// verified byte by byte.
std::vector<int64_t> first_copies(const ImageSet& images);

/// True where every pixel has the same value.
bool is_blank(const ImageSet& images, size_t i);

}  // namespace fer
