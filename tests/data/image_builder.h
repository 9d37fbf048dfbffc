// Small made-up image sets for tests of splits and audits.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "core/temporary_folder.h"
#include "data/image_set.h"
#include "data/source.h"

namespace fer {

/// Gray images 4x2; image i has label labels[i], and images of equal content
/// have equal pixels. Content -1 is a blank image.
inline ImageSet build_images(const std::vector<int64_t>& labels,
                             const std::vector<int64_t>& contents,
                             std::vector<std::string> class_names) {
  ImageSet images;
  images.height = 2;
  images.width = 4;
  images.class_names = std::move(class_names);
  images.labels = labels;
  images.usage.assign(labels.size(), Usage::kNone);
  auto pixels = std::make_shared<std::vector<uint8_t>>();
  for (size_t i = 0; i < labels.size(); ++i) {
    images.ids.push_back("image-" + std::to_string(i));
    for (int k = 0; k < 7; ++k) {
      pixels->push_back(
          contents[i] < 0 ? 9 : static_cast<uint8_t>(contents[i] >> 8 * k));
    }
    pixels->push_back(contents[i] < 0 ? 9 : 77);
  }
  images.pixels = pixels->data();
  images.owner = pixels;
  return images;
}

/// The same, every image different.
inline ImageSet build_images(const std::vector<int64_t>& labels,
                             std::vector<std::string> class_names) {
  std::vector<int64_t> contents(labels.size());
  for (size_t i = 0; i < labels.size(); ++i)
    contents[i] = static_cast<int64_t>(i);
  return build_images(labels, contents, std::move(class_names));
}

/// FERBENCH_DATA where it holds FER2013's archive, else nullptr.
inline const char* real_data_folder() {
  const char* folder = std::getenv("FERBENCH_DATA");
  const bool there =
      folder &&
      std::filesystem::exists(std::filesystem::path(folder) / "fer2013.tar.gz");
  return there ? folder : nullptr;
}

/// FER2013: all images of `classes` (empty: all).
inline ImageSet load_fer2013(std::vector<std::string> classes) {
  DataConfig config;
  config.source = SourceKind::kFolder;
  config.path = std::filesystem::path(real_data_folder()) / "fer2013.tar.gz";
  config.classes = std::move(classes);
  // Kept between tests, each of which is a process of its own.
  config.cache = std::filesystem::temp_directory_path() / "ferbench-test-cache";
  return load_images(config, /*quiet=*/true);
}

}  // namespace fer
