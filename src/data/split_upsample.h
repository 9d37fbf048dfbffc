// Equal classes for training, after the split: a copy never reaches another
// part.
#pragma once

#include "data/image_set.h"
#include "data/split_rows.h"

namespace fer {

/// Repeats the images of smaller classes until all classes are equal: each as
/// often as goes in whole, then a random part of them once more.
void upsample(const ImageSet& images, Rows& train, uint32_t seed);

}  // namespace fer
