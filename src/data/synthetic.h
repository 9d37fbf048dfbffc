// The embedded data set: drawn faces, a function of the settings alone.
#pragma once

#include <string>
#include <vector>

#include "config/sections.h"
#include "data/image_set.h"

namespace fer {

/// angry, disgust, fear, happy, neutral, sad, surprise.
const std::vector<std::string>& synthetic_emotions();

/// Draws data.synthetic.images faces, the classes in turn: image i ("face-<i>")
/// shows class i mod K. It does not depend on the number of images or threads.
/// DataError: a class that cannot be drawn.
ImageSet draw_faces(const DataConfig& config);

}  // namespace fer
