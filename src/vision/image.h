// Everything that needs OpenCV, behind plain types. Without it: no_opencv.cpp
// throws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fer {

/// uint8 [height, width, channels], channels 1 (gray) or 3 (RGB).
struct Image {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<uint8_t> pixels;
};

/// Decodes JPEG, PNG, BMP, ...; gray -> RGB repeats, RGB -> gray weighs as
/// OpenCV does. Throws DataError "[vision] expected an image; got ..." without
/// the path.
Image decode_image(std::span<const std::byte> bytes, int channels);

/// Area averaging when it shrinks, bilinear when it grows; same size: a copy.
Image resize_image(const Image& image, int width, int height);

/// Gray -> RGB repeats; RGB -> gray weighs 0.299, 0.587, 0.114; same: a copy.
Image convert_channels(const Image& image, int channels);

std::vector<std::byte> encode_png(const Image& image);

/// One picture of a contact sheet. `mark` colours its caption: good green, bad
/// red, none gray.
struct Tile {
  Image image;
  std::string caption;
  enum class Mark { kNone, kGood, kBad } mark = Mark::kNone;
};

/// Pictures in a grid, enlarged to `tile_size`, captions below; RGB.
Image contact_sheet(std::span<const Tile> tiles, int columns,
                    int tile_size = 112);

/// "OpenCV 4.6.0", or "none".
std::string vision_version();

}  // namespace fer
