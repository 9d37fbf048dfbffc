// Class folders, on the disk or in an archive, to images.
#pragma once

#include "config/sections.h"
#include "data/image_set.h"

namespace fer {

/// Decodes config.path on all cores; see load_images() for order and errors.
ImageSet load_folder(const DataConfig& config, bool quiet);

}  // namespace fer
