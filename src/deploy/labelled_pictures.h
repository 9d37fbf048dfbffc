// Photographs whose emotion is known.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vision/image.h"

namespace fer {

struct LabelledPicture {
  std::string name;
  std::string label;           ///< as in the folder: "happy", "happiness"
  std::filesystem::path path;  ///< to be read, or
  std::optional<Image> image;  ///< already decoded
};

/// A folder with `labels.csv` (columns image and emotion), or
/// with one sub-folder of pictures for each emotion; sorted by name.
/// DataError: neither, a picture of the table that does not exist.
std::vector<LabelledPicture> labelled_pictures(
    const std::filesystem::path& folder);

}  // namespace fer
