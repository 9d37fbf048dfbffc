// Draws what was found into a picture.
#pragma once

#include <span>
#include <string>

#include "vision/face_detector.h"

namespace fer {

struct Annotation {
  Box box;
  std::string text;  ///< above the box, or inside it where there is no room
  bool sure = true;  ///< false: drawn in gray
};

/// RGB; small pictures are enlarged by a whole number until their longer side
/// has 480 pixels, so that the text can be read.
Image annotate(const Image& image, std::span<const Annotation> annotations);

}  // namespace fer
