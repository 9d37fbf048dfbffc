// Images dealt out to parts, twins together and class shares kept: what every
// honest protocol stands on.
#pragma once

#include <vector>

#include "core/numpy_random.h"
#include "data/split_rows.h"

namespace fer {

struct DealOptions {
  bool stratify = true;  ///< keep the class shares in every part
  /// The number of each image's group; images of one group stay together.
  /// Empty: each image on its own.
  std::vector<int64_t> group = {};
};

/// Deals `rows` to shares.size() + 1 parts, each ascending: part k > 0 gets
/// ceil(shares[k - 1] n) of the n rows, part 0 what is left. Each class's
/// number in a part k > 0 is fair to within one row where the groups allow. A
/// group that fits nowhere goes to part 0.
std::vector<Rows> deal_shares(const ImageSet& images, const Rows& rows,
                              const DealOptions& options,
                              const std::vector<double>& shares,
                              NumpyRandom& random);

/// Deals `rows` to equal parts: where the groups allow, the numbers of each
/// class and of all rows in two parts differ by one at most. A group that fits
/// nowhere goes where most places are left.
std::vector<Rows> deal_equal(const ImageSet& images, const Rows& rows,
                             const DealOptions& options, size_t parts,
                             NumpyRandom& random);

}  // namespace fer
