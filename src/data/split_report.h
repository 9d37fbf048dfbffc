// The split of the report that ferbench reproduces, leak included.
#pragma once

#include "config/sections.h"
#include "data/image_set.h"
#include "data/split.h"

namespace fer {

/// Upsamples the smaller of two classes, then cuts twice, as scikit-learn's
/// resample and train_test_split do to the bit. DataError: other than two
/// classes, one of them empty, or settings that would change its rows.
Split report_split(const ImageSet& images, const SplitConfig& config);

}  // namespace fer
