// Contrast adjustment before a face is searched (source 004).
#pragma once

#include "vision/image.h"

namespace fer {

/// Contrast-limited adaptive histogram equalisation (Zuiderveld 1994; clip
/// limit 2, 8 x 8 tiles) of the gray values, or of the lightness (CIE L*a*b*)
/// of a colour picture.
Image even_contrast(const Image& image);

}  // namespace fer
