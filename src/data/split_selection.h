// Which images a split deals with at all.
#pragma once

#include <vector>

#include "config/sections.h"
#include "data/image_set.h"
#include "data/split_rows.h"
#include "data/twins.h"

namespace fer {

/// The rows that take part, ascending: those of `kept` (empty: all), of which
///  - with config.drop_duplicates one of each group of exact copies stays (of
///    copies in several official parts the test's, else validation's), and none
///    of a group with two labels;
///  - under clean and kfold blank images go, and whole groups of twins that
///    carry two labels.
Rows select_rows(const ImageSet& images, const SplitConfig& config,
                 const Twins& twins, const std::vector<bool>& kept);

}  // namespace fer
