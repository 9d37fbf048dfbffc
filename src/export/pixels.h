// Images as the export's checks pass them on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deploy/onnx_contract.h"

namespace fer {

/// uint8 `[count, channels, height, width]`, as data/ holds them: gray or RGB.
struct Pixels {
  std::span<const uint8_t> values;
  int64_t count = 0;

  int64_t image_size() const {
    return count ? static_cast<int64_t>(values.size()) / count : 0;
  }
};

/// DataError unless the images are what the file's input takes; `where` stands
/// at the front.
void check_fits(const Pixels& images, const OnnxContract& contract,
                const char* where);

/// `n` images from `first` on as `[n, height, width, channels]`; behind the
/// last one the first one follows.
std::vector<uint8_t> channels_last(const Pixels& images,
                                   const OnnxContract& contract, int64_t first,
                                   int64_t n);

}  // namespace fer
