// Which images train, which choose the epoch, which are sealed for the test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/sections.h"
#include "data/image_set.h"

namespace fer {

/// Indices into an ImageSet; an index may stand several times (upsampling).
struct Split {
  std::vector<int64_t> train, val, test;

  /// "train", "val" or "test"; Error lists these for another name.
  const std::vector<int64_t>& rows(const std::string& name) const;
};

/// Deals the images out. `report` equals scikit-learn's resample and
/// train_test_split to the bit (docs/protocols.md). Throws DataError where a
/// split would be empty or a class is missing.
Split make_split(const ImageSet& images, const SplitConfig& config);

}  // namespace fer
