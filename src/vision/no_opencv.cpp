#include "core/error.h"
#include "vision/image.h"

namespace fer {
namespace {

[[noreturn]] void fail_not_built(const char* what) {
  fail<Error>(
      "[vision] expected OpenCV to {}; got a program without it. Build with "
      "-DFERBENCH_OPENCV=ON.",
      what);
}

}  // namespace

Image decode_image(std::span<const std::byte>, int) {
  fail_not_built("decode images");
}

Image resize_image(const Image& image, int width, int height) {
  if (image.width == width && image.height == height) return image;
  fail_not_built("resize images");
}

std::vector<std::byte> encode_png(const Image&) {
  fail_not_built("write PNG files");
}

Image contact_sheet(std::span<const Tile>, int, int) {
  fail_not_built("draw contact sheets");
}

std::string vision_version() { return "none"; }

}  // namespace fer
