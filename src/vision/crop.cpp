#include <algorithm>

#include "core/error.h"
#include "vision/face_detector.h"

namespace fer {

Image crop_image(const Image& image, const Box& box) {
  if (box.x < 0 || box.y < 0 || box.width < 1 || box.height < 1 ||
      box.x > image.width - box.width || box.y > image.height - box.height) {
    fail<Error>(
        "[vision] expected a box inside {} x {} pixels; got {} x {} at {}, {}.",
        image.width, image.height, box.width, box.height, box.x, box.y);
  }
  Image part{box.width, box.height, image.channels, {}};
  const size_t line = static_cast<size_t>(box.width) * image.channels;
  part.pixels.resize(line * box.height);
  for (int y = 0; y < box.height; ++y) {
    const size_t from =
        (static_cast<size_t>(box.y + y) * image.width + box.x) * image.channels;
    std::copy_n(image.pixels.begin() + from, line,
                part.pixels.begin() + line * y);
  }
  return part;
}

}  // namespace fer
