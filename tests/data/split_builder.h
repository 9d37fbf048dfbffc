// What the tests of the split protocols share.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "data/split.h"
#include "data/split_rows.h"
#include "image_builder.h"

namespace fer {

/// counts[0] times label 0, then counts[1] times label 1, ...
inline Rows labels_of(const std::vector<size_t>& counts) {
  Rows labels;
  for (size_t c = 0; c < counts.size(); ++c)
    labels.insert(labels.end(), counts[c], static_cast<int64_t>(c));
  return labels;
}

inline std::map<int64_t, int64_t> label_counts(const ImageSet& images,
                                               const Rows& rows) {
  std::map<int64_t, int64_t> counts;
  for (const int64_t row : rows) ++counts[label_of(images, row)];
  return counts;
}

/// Every row of every part, ascending.
inline Rows all_rows(const Split& split) {
  Rows rows = split.train;
  rows.insert(rows.end(), split.val.begin(), split.val.end());
  rows.insert(rows.end(), split.test.begin(), split.test.end());
  std::ranges::sort(rows);
  return rows;
}

/// Exact copies, and besides the near twins that `group` names: the rows of one
/// number are twins.
inline Twins twins_of(const ImageSet& images, const Rows& group) {
  Twins twins = exact_twins(images);
  std::map<int64_t, int64_t> smallest;
  for (size_t i = 0; i < group.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    twins.group[i] = smallest.emplace(group[i], row).first->second;
  }
  twins.searched = true;
  return twins;
}

/// Whether rows of one group stand in two parts.
inline bool cuts_a_group(const Rows& group, const Split& split) {
  std::map<int64_t, std::string> part_of;
  for (const char* name : {"train", "val", "test"}) {
    for (const int64_t row : split.rows(name)) {
      const auto at = part_of.emplace(group[static_cast<size_t>(row)], name);
      if (at.first->second != name) return true;
    }
  }
  return false;
}

}  // namespace fer
