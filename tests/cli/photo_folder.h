// Photographs without a person, and a network that knows them by their
// brightness (tests/reference/tiny_onnx.py).
#pragma once

#include <string>

#include "core/temporary_folder.h"
#include "vision/image.h"

namespace fer {

inline constexpr const char* kTinyModel =
    FERBENCH_SOURCE_DIR "/tests/reference/onnx/gray.onnx";

/// A PNG of 16 x 16 pixels, black above and `lower` below: with
/// --whole-picture 255 is surely happy, 0 surely sad, 128 neither.
inline void write_photo(const TemporaryFolder& folder, const std::string& name,
                        uint8_t lower) {
  Image image{16, 16, 1, {}};
  image.pixels.assign(128, 0);
  image.pixels.insert(image.pixels.end(), 128, lower);
  const auto png = encode_png(image);
  folder.write(name, {reinterpret_cast<const char*>(png.data()), png.size()});
}

}  // namespace fer
