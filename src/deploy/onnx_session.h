// Runs an ONNX file of ferbench's with OpenVINO: raw pixels in, probabilities
// out. Links neither torch nor CUDA.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/onnx_contract.h"

namespace fer {

/// What the network's arithmetic may be rounded to. fp16 and int8 files compute
/// in f32 where they are not quantised, unless kAuto finds something faster.
enum class Arithmetic {
  kF32,   ///< the same numbers on every machine, up to the last digits
  kBf16,  ///< faster where the processor knows it; about three digits
  kAuto,  ///< what OpenVINO takes for the fastest here
};

struct SessionOptions {
  int threads = 0;  ///< that compute; 0: all cores
  /// Calls of run() that compute side by side and share the threads. 1 answers
  /// one call soonest; more finish many calls sooner.
  int streams = 1;
  Arithmetic arithmetic = Arithmetic::kF32;
  size_t largest_file = size_t{1} << 30;  ///< bytes
};

/// Parses "f32", "bf16", "auto"; Error otherwise.
Arithmetic parse_arithmetic(std::string_view word);

/// A compiled network. run() may be called from several threads at once.
class OnnxSession {
 public:
  /// DataError, with the path: no such file, larger than largest_file, no ONNX
  /// file, cut off, without ferbench's metadata, or with another input or
  /// output than its metadata says.
  explicit OnnxSession(const std::filesystem::path& path,
                       const SessionOptions& options = {});
  /// The same from the bytes of a file; `name` stands for the path in errors.
  OnnxSession(std::string_view bytes, const std::string& name,
              const SessionOptions& options = {});
  ~OnnxSession();
  OnnxSession(OnnxSession&&) noexcept;
  OnnxSession& operator=(OnnxSession&&) noexcept;

  const OnnxContract& contract() const;
  size_t classes() const { return contract().classes.size(); }

  /// Values of one image: height x width x channels.
  size_t image_size() const;

  /// `pixels` uint8 [n, height, width, channels], whatever the layout and type
  /// of the file (they are rearranged as it wants them). Gives float32
  /// [n, classes], rows sum to 1. n may be 0. Error for another number of
  /// pixels; DataError where a row is not made of probabilities.
  std::vector<float> run(std::span<const uint8_t> pixels, size_t n) const;

 private:
  struct Network;
  std::unique_ptr<Network> network_;
};

/// "2026.4.1-...": the version of OpenVINO.
std::string openvino_version();

}  // namespace fer
