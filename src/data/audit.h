// What is wrong with a data set and with a way to split it: copies and near
// twins, contradicting labels, blank and unreadable images, photographs that
// stand on both sides of a split, and splits that differ in brightness.
#pragma once

#include "core/json.h"
#include "data/image_set.h"
#include "data/split.h"
#include "data/twins.h"

namespace fer {

/// The content of audit.json; linear in the number of images. Keys:
///   images                n, after selection
///   fingerprint           ImageSet::fingerprint
///   exact_duplicates      redundant images: n - number of distinct ones
///   duplicate_groups      groups of two or more exact copies
///   conflict_groups, conflict_images   of these with more than one label
///   blank_images          images of one constant value
///   bad_images            [{id, reason}]: files that were skipped
///   near_twin_pairs       pairs of different pictures; null: not searched for,
///                         as are all keys below that begin with near_ or twin_
///   near_twin_images      different pictures with at least one near twin
///   twin_redundant        images beyond the first of their twin group
///   twin_largest_group    images in the largest group
///   twin_conflict_groups, twin_conflict_images   groups with several labels
///   class_counts          {"train": {"happy": 1, ..}, "val", "test"}, rows
///   class_balance         {"train": smallest class / largest class, ..}
///   cross_split           {"train-test": {"exact": rows of test with an exact,
///                         not blank copy in train, "near": rows with nothing
///                         but a near twin there, "rows": of test, "share":
///                         of these, both}, ..}
///                         for train-test, train-val and val-test
///   twin_groups           {"val", "test": [["id", "id", ..], ..]}: groups with
///                         two or more different images of the split
///   drift                 drift_of()
Json audit_images(const ImageSet& images, const Split& split,
                  const Twins& twins);

/// With exact copies alone.
Json audit_images(const ImageSet& images, const Split& split);

/// How alike the splits are, in gray levels 0 to 255:
///   {"train": {"mean", "variance": of all pixels}, "val", "test",
///    "difference": {"train-val": {"brightness", "contrast"}, ..}}
/// difference: standardised, (m1 - m2) / sqrt((v1 + v2) / 2) with the means and
/// variances (n - 1) over the images of each side of an image's mean
/// (brightness) or standard deviation (contrast). Beyond 0.1 in size is worth a
/// look (Austin 2009). null where it is 0/0.
Json drift_of(const ImageSet& images, const Split& split);

}  // namespace fer
