// Lists of images, by index: what the split protocols hand to one another.
#pragma once

#include <cstdint>
#include <vector>

#include "data/image_set.h"

namespace fer {

using Rows = std::vector<int64_t>;

int64_t label_of(const ImageSet& images, int64_t row);

/// The rows of each class, in order.
std::vector<Rows> rows_by_class(const ImageSet& images, const Rows& rows);

/// rows[positions[0]], rows[positions[1]], ...
Rows pick(const Rows& rows, const Rows& positions);

/// 0, 1, ..., n - 1.
Rows count_rows(size_t n);

}  // namespace fer
