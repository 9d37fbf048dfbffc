// Contact sheets: many small pictures of a data set on one page.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "data/image_set.h"
#include "vision/image.h"

namespace fer {

/// Image i of a set as a picture [H, W, C].
Image picture_of(const ImageSet& images, size_t i);

/// Writes a picture as PNG, whole.
void write_picture(const std::filesystem::path& path, const Image& picture);

/// Writes a PNG of images[rows], captions below; none given: class names.
/// Error where there are captions but not one for each row.
void write_contact_sheet(const std::filesystem::path& path,
                         const ImageSet& images, std::span<const int64_t> rows,
                         std::span<const std::string> captions = {},
                         int columns = 10);

}  // namespace fer
