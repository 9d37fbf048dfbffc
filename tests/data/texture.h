// Pictures that are functions of the plane, so that a shifted, cropped or
// turned copy is exact up to its edge.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/philox.h"
#include "data/image_set.h"

namespace fer {

/// How a picture is taken: where pixel (x, y) lies in the plane.
struct View {
  double zoom = 1, dx = 0, dy = 0;
  bool mirrored = false;
  double gain = 1, bias = 0;
  double noise = 0;  ///< half the range of an even distribution, in gray levels
};

/// A sum of sixteen waves, a function of `seed`.
inline std::vector<uint8_t> texture(uint32_t seed, const View& view = {},
                                    int side = 48) {
  Philox random(seed, 0, 0, Purpose::kSynthetic);
  double waves[16][4];
  for (auto& wave : waves) {
    for (double& value : wave) value = random.uniform();
  }
  std::vector<uint8_t> pixels;
  const double middle = 0.5 * (side - 1), unit = 48.0 / side;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const double column = view.mirrored ? side - 1 - x : x;
      const double u = view.zoom * (column - middle) * unit + view.dx;
      const double v = view.zoom * (y - middle) * unit + view.dy;
      double sum = 0;
      for (const auto& [angle, size, phase, height] : waves) {
        const double rate = 0.08 + 0.4 * size;
        const double along =
            u * std::cos(6.2831853 * angle) + v * std::sin(6.2831853 * angle);
        sum += height / (1 + 8 * size) *
               std::cos(rate * along + 6.2831853 * phase);
      }
      const double gray = (128 + 40 * sum) * view.gain + view.bias +
                          view.noise * (2 * random.uniform() - 1);
      pixels.push_back(
          static_cast<uint8_t>(std::clamp(gray + 0.5, 0.0, 255.0)));
    }
  }
  return pixels;
}

/// Gray square pictures as a set: ids image-<i>, label 0 of {"a", "b"}.
inline ImageSet set_of(const std::vector<std::vector<uint8_t>>& pictures) {
  ImageSet images;
  images.class_names = {"a", "b"};
  images.labels.assign(pictures.size(), 0);
  images.usage.assign(pictures.size(), Usage::kNone);
  auto pixels = std::make_shared<std::vector<uint8_t>>();
  for (size_t i = 0; i < pictures.size(); ++i) {
    images.ids.push_back("image-" + std::to_string(i));
    pixels->insert(pixels->end(), pictures[i].begin(), pictures[i].end());
  }
  images.height = images.width = static_cast<size_t>(
      std::lround(std::sqrt(static_cast<double>(pictures.at(0).size()))));
  images.pixels = pixels->data();
  images.owner = pixels;
  return images;
}

}  // namespace fer
