#include "data/split_rows.h"

#include <numeric>

namespace fer {

int64_t label_of(const ImageSet& images, int64_t row) {
  return images.labels[static_cast<size_t>(row)];
}

std::vector<Rows> rows_by_class(const ImageSet& images, const Rows& rows) {
  std::vector<Rows> classes(images.class_names.size());
  for (const int64_t row : rows)
    classes[static_cast<size_t>(label_of(images, row))].push_back(row);
  return classes;
}

Rows pick(const Rows& rows, const Rows& positions) {
  Rows picked;
  picked.reserve(positions.size());
  for (const int64_t at : positions)
    picked.push_back(rows[static_cast<size_t>(at)]);
  return picked;
}

Rows count_rows(size_t n) {
  Rows rows(n);
  std::iota(rows.begin(), rows.end(), int64_t{0});
  return rows;
}

}  // namespace fer
