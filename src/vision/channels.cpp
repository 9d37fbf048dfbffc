#include "core/error.h"
#include "vision/image.h"

namespace fer {
namespace {

// OpenCV's fixed-point weights of RGB2GRAY: 0.299, 0.587, 0.114 times 2^15.
uint8_t to_gray(const uint8_t* rgb) {
  constexpr int kRed = 9798, kGreen = 19235, kBlue = 3735;
  const int sum = kRed * rgb[0] + kGreen * rgb[1] + kBlue * rgb[2];
  return static_cast<uint8_t>((sum + (1 << 14)) >> 15);
}

}  // namespace

Image convert_channels(const Image& image, int channels) {
  if (channels != 1 && channels != 3)
    fail<DataError>("[vision] expected 1 or 3 channels; got {}.", channels);
  if (channels == image.channels) return image;
  const size_t n = static_cast<size_t>(image.width) * image.height;
  Image result{image.width, image.height, channels, {}};
  result.pixels.resize(n * channels);
  for (size_t i = 0; i < n; ++i) {
    if (channels == 1) {
      result.pixels[i] = to_gray(&image.pixels[3 * i]);
    } else {
      for (size_t c = 0; c < 3; ++c) result.pixels[3 * i + c] = image.pixels[i];
    }
  }
  return result;
}

}  // namespace fer
