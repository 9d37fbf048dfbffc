// The name of a data set's content, for run folders and the leaderboard.
#pragma once

#include <string>

#include "data/image_set.h"

namespace fer {

/// SHA-256 of shape, class names, labels, ids and pixels, as 64 hex digits.
/// Where the images came from, and how, does not matter.
std::string image_fingerprint(const ImageSet& images);

}  // namespace fer
