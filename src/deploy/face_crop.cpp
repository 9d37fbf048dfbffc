#include "deploy/face_crop.h"

#include <algorithm>
#include <cmath>

namespace fer {

Box square_around(const Box& face, double margin, int width, int height) {
  const double wanted = std::max(face.width, face.height) * (1 + 2 * margin);
  const int side = std::clamp(static_cast<int>(std::lround(wanted)), 1,
                              std::min(width, height));
  // Twice the centre: whole numbers.
  const auto start = [side](int from, int size, int most) {
    return std::clamp((2 * from + size - side) / 2, 0, most - side);
  };
  return {start(face.x, face.width, width), start(face.y, face.height, height),
          side, side};
}

Image network_input(const Image& picture, const Box& box,
                    const OnnxContract& contract) {
  const Image crop =
      convert_channels(crop_image(picture, box), contract.channels);
  return resize_image(crop, contract.width, contract.height);
}

}  // namespace fer
