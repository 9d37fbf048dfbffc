#include "data/split_upsample.h"

#include <algorithm>

#include "core/numpy_random.h"

namespace fer {

void upsample(const ImageSet& images, Rows& train, uint32_t seed) {
  const auto classes = rows_by_class(images, train);
  size_t most = 0;
  for (const Rows& rows : classes) most = std::max(most, rows.size());
  NumpyRandom random(seed);
  for (const Rows& rows : classes) {
    for (size_t n = 2 * rows.size(); n <= most && n > 0; n += rows.size())
      train.insert(train.end(), rows.begin(), rows.end());
    if (rows.empty()) continue;
    const Rows rest =
        pick(rows, random.choice(rows.size(), most % rows.size(), false));
    train.insert(train.end(), rest.begin(), rest.end());
  }
}

}  // namespace fer
