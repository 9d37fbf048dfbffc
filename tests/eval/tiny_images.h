// A handful of gray images whose pixels a test can count on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/image_set.h"

namespace fer {

/// Image i is filled with `values[i]`, has label labels[i] and id "image-<i>".
inline ImageSet filled_images(const std::vector<uint8_t>& values,
                              std::vector<int64_t> labels,
                              std::vector<std::string> class_names,
                              size_t side = 4) {
  auto pixels = std::make_shared<std::vector<uint8_t>>();
  ImageSet set;
  for (size_t i = 0; i < values.size(); ++i) {
    pixels->insert(pixels->end(), side * side, values[i]);
    set.ids.push_back("image-" + std::to_string(i));
  }
  set.height = set.width = side;
  set.class_names = std::move(class_names);
  set.labels = std::move(labels);
  set.usage.assign(values.size(), Usage::kNone);
  set.pixels = pixels->data();
  set.owner = pixels;
  return set;
}

}  // namespace fer
