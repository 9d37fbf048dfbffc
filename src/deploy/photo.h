// Pictures from outside: their size is read from the header before a byte is
// decoded, so that a small file cannot ask for gigabytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "vision/image.h"

namespace fer {

struct PhotoLimits {
  size_t largest_file = size_t{64} << 20;  ///< bytes
  int64_t most_pixels = 50'000'000;        ///< width x height
};

struct PhotoHeader {
  const char* format = "";  ///< "JPEG", "PNG", "BMP", "WebP"
  int64_t width = 0, height = 0;
};

/// What the header of a JPEG, PNG, BMP or WebP file says; nothing for other
/// formats and for headers that end too early.
std::optional<PhotoHeader> read_photo_header(std::span<const std::byte> bytes);

/// RGB [height, width, 3], turned upright as its EXIF data say. DataError
/// without the path: another format, too many bytes or pixels, cut off,
/// damaged.
Image decode_photo(std::span<const std::byte> bytes,
                   const PhotoLimits& limits = {});

}  // namespace fer
