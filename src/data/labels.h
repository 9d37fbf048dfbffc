// Which labels the images of an experiment carry: those of the source, or
// FER+'s (data.labels). Where both are known, the others are kept beside them,
// so that a run can be scored against both.
#pragma once

#include "config/sections.h"
#include "data/image_set.h"

namespace fer {

/// The settings under which the source is read so that relabel() has what it
/// needs: under FER+ labels all classes, for an image may change its class.
DataConfig source_settings(const DataConfig& config);

/// `images`, read under source_settings(), with the labels of config.labels,
/// in the source's order.
///   folder            unchanged
///   ferplus_majority  the class with the most votes. Left out and listed in
///                     `bad`: ties, and images that most call `unknown`, `NF`
///                     or a class that the source does not have (contempt)
///                     unless data.classes names it. Left out in silence, as
///                     everywhere: classes that data.classes does not name.
///   ferplus_soft      the same images and labels; `targets` holds the votes
///   for
///                     the classes, each row summing to 1. Votes that nobody
///                     shares are not counted.
/// With config.ferplus, `other` holds the other label set: FER+'s majority for
/// folder labels, the source's for FER+ labels; -1 where an image has none of
/// the classes there. DataError: an image without votes, an unknown class.
ImageSet relabel(ImageSet images, const DataConfig& config);

}  // namespace fer
