// Class folders with drawn faces as PNG files: a source that is decoded.
#pragma once

#include <filesystem>

#include "core/file.h"
#include "data/contact.h"
#include "data/synthetic.h"
#include "vision/image.h"

namespace fer {

/// `images` faces of 16 pixels in root/happy and root/sad.
inline void write_faces(const std::filesystem::path& root, int images = 40) {
  DataConfig config;
  config.classes = {"happy", "sad"};
  config.image_size = 16;
  config.synthetic.images = images;
  const ImageSet set = draw_faces(config);
  for (size_t i = 0; i < set.size(); ++i) {
    const auto png = encode_png(picture_of(set, i));
    const std::string& name =
        set.class_names[static_cast<size_t>(set.labels[i])];
    write_file(root / name / (set.ids[i] + ".png"),
               {reinterpret_cast<const char*>(png.data()), png.size()});
  }
}

}  // namespace fer
