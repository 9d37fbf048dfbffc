// Networks whose answer is known by hand (tests/reference/tiny_onnx.py), and
// pictures for them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/file.h"
#include "deploy/face_pipeline.h"
#include "vision/image.h"

namespace fer {

/// tests/reference/onnx/<name>.onnx.
inline std::filesystem::path tiny_path(const std::string& name) {
  return std::filesystem::path(FERBENCH_TEST_DIR) / "reference/onnx" /
         (name + ".onnx");
}

/// gray.onnx: happy with p = sigmoid((mean of the lower half - 127.5) / 16).
/// rgb.onnx: softmax of (red, green, blue) / 16: angry, happy, surprise.
inline std::shared_ptr<const OnnxSession> tiny_session(
    const std::string& name = "gray") {
  SessionOptions options;
  options.threads = 1;
  return std::make_shared<const OnnxSession>(tiny_path(name), options);
}

/// Takes the whole picture for a face: nothing is searched.
inline FacePipeline whole_pictures(PipelineOptions options = {}) {
  options.whole_picture = true;
  return FacePipeline(tiny_session(), options);
}

/// RGB, gray level `upper` above the middle and `lower` below it.
inline Image two_halves(uint8_t upper, uint8_t lower, int side = 8) {
  Image image{side, side, 3, {}};
  const size_t half = static_cast<size_t>(side) * side * 3 / 2;
  image.pixels.assign(half, upper);
  image.pixels.insert(image.pixels.end(), half, lower);
  return image;
}

/// The bytes of `image` as a PNG file.
inline std::string png_of(const Image& image) {
  const auto bytes = encode_png(image);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// sigmoid((140 - 127.5) / 16), sigmoid((128 - 127.5) / 16),
// sigmoid((255 - 127.5) / 16)
inline constexpr float kHappy140 = 0.685949F;
inline constexpr float kHappy128 = 0.507812F;
inline constexpr float kHappy255 = 0.999654F;

}  // namespace fer
