// From an experiment's `data` section to images in memory.
#pragma once

#include "config/sections.h"
#include "data/image_set.h"

namespace fer {

/// Loads, relabels, selects and resizes. The first time, decodes on all cores
/// with a progress bar and writes the packed cache (key: content of the source
/// and the settings that matter); afterwards maps the cache. Images stand
/// sorted by (usage folder, class label, path) for folder sources - train/
/// before test/, then label order, then path - and in row order for CSV. Throws
/// DataError: missing path, no images, unknown class, bad image (on_bad_image:
/// error).
ImageSet load_images(const DataConfig& config, bool quiet = false);

}  // namespace fer
