// What is wrong with a data set and with a way to split it: exact copies,
// contradicting labels, blank and unreadable images, and copies that stand on
// both sides of a split.
#pragma once

#include "core/json.h"
#include "data/image_set.h"
#include "data/split.h"

namespace fer {

/// The content of audit.json; linear in the number of images. Keys:
///   images                n, after selection
///   exact_duplicates      redundant images: n - number of distinct ones
///   duplicate_groups      groups of two or more exact copies
///   conflict_groups, conflict_images   groups with more than one label
///   blank_images          images of one constant value
///   bad_images            [{id, reason}]: files that were skipped
///   near_twin_pairs       null: not searched for
///   class_counts          {"train": {"happy": 1, ..}, "val", "test"}, rows
///   cross_split           {"train-test": {"exact": rows of test with an exact,
///                         not blank copy in train, "share": of test}, ..}
///                         for train-test, train-val and val-test
Json audit_images(const ImageSet& images, const Split& split);

}  // namespace fer
