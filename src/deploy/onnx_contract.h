// What an ONNX file of ferbench says about itself: the one description that the
// exporter writes and that prediction reads.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/json.h"

namespace fer {

/// Raw pixels in, probabilities out. Input `image`: `[N, height, width,
/// channels]` (nhwc) or `[N, channels, height, width]` (nchw), values 0 to 255
/// as uint8 or float32, RGB where channels is 3. Output `probabilities`:
/// float32 `[N, classes]`, rows sum to 1.
struct OnnxContract {
  static constexpr const char* kInputName = "image";
  static constexpr const char* kOutputName = "probabilities";

  std::vector<std::string> classes;
  int height = 48;
  int width = 48;
  int channels = 1;
  bool nhwc = true;
  bool uint8_input = true;
  std::string precision = "fp32";  ///< fp32, fp16 or int8
  std::string model;
  std::string experiment;
  std::string run;
  std::string protocol;
  std::string commit;
  std::string license = "Apache-2.0";
  Json metrics = Json::object();  ///< of the test split; may be empty
};

using OnnxMetadata = std::map<std::string, std::string>;

OnnxMetadata to_metadata(const OnnxContract& contract);

/// DataError names `path` and the first key that is missing or damaged.
OnnxContract from_metadata(const OnnxMetadata& metadata,
                           const std::string& path);

}  // namespace fer
