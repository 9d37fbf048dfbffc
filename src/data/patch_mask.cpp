#include "data/patch_mask.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "core/philox.h"

namespace fer {

void choose_patches(int64_t patches, uint64_t seed, uint32_t epoch,
                    uint32_t sample, std::span<int64_t> visible) {
  std::vector<int64_t> all(static_cast<size_t>(patches));
  std::iota(all.begin(), all.end(), int64_t{0});
  Philox random(seed, epoch, sample, Purpose::kMask);
  // The first steps of a shuffle.
  for (size_t i = 0; i < visible.size(); ++i) {
    const auto left = static_cast<uint32_t>(all.size() - i);
    std::swap(all[i], all[i + random.below(left)]);
  }
  std::copy_n(all.begin(), visible.size(), visible.begin());
  std::ranges::sort(visible);
}

}  // namespace fer
