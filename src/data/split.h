// Which images train, which choose the epoch, which are sealed for the test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/sections.h"
#include "data/image_set.h"
#include "data/twins.h"

namespace fer {

/// Indices into an ImageSet; an index may stand several times (upsampling).
struct Split {
  std::vector<int64_t> train, val, test;

  /// "train", "val" or "test"; Error lists these for another name.
  const std::vector<int64_t>& rows(const std::string& name) const;
};

/// Deals the images out as config.split says (docs/protocols.md): a function of
/// the images and that section alone. Searches for twins (cached_twins) only
/// under a protocol that keeps them together. Throws DataError where a split
/// would be empty or a class is missing.
Split make_split(const ImageSet& images, const DataConfig& config);

/// The same with what is known already: the twins, and for each image whether
/// it takes part (empty: all do). Error where their sizes are not the images'.
Split make_split(const ImageSet& images, const SplitConfig& config,
                 const Twins& twins, const std::vector<bool>& kept = {});

}  // namespace fer
