#include "deploy/onnx_contract.h"

#include <set>

#include "core/error.h"

namespace fer {
namespace {

constexpr const char* kFormat = "1";

std::string text_of(const OnnxMetadata& metadata, const std::string& key,
                    const std::string& path) {
  const auto found = metadata.find("ferbench." + key);
  if (found == metadata.end()) {
    fail<DataError>(
        "[onnx] expected 'ferbench.{}' in the file's metadata; got none ({}). "
        "Write the file with `ferbench export`.",
        key, path);
  }
  return found->second;
}

[[noreturn]] void damaged(const std::string& key, const std::string& path) {
  fail<DataError>(
      "[onnx] 'ferbench.{}' in the file's metadata is damaged ({}). Export the "
      "run again.",
      key, path);
}

Json json_of(const OnnxMetadata& metadata, const std::string& key,
             const std::string& path) {
  const Json value =
      Json::parse(text_of(metadata, key, path), nullptr, /*exceptions=*/false);
  if (value.is_discarded()) damaged(key, path);
  return value;
}

int side(const Json& input, const char* key, const std::string& path) {
  constexpr int kLargest = 4096;
  if (!input.contains(key) || !input[key].is_number_integer())
    damaged("input", path);
  const auto value = input[key].get<int64_t>();
  if (value < 1 || value > kLargest) damaged("input", path);
  return static_cast<int>(value);
}

bool is_word(const Json& input, const char* key, const char* yes,
             const char* no, const std::string& path) {
  // value(), not operator[]: a word that is missing or no word is damage.
  const Json value = input.value(key, Json());
  if (value != yes && value != no) damaged("input", path);
  return value == yes;
}

std::vector<std::string> class_names(const Json& value,
                                     const std::string& path) {
  if (!value.is_array() || value.size() < 2) damaged("classes", path);
  std::vector<std::string> names;
  for (const Json& name : value) {
    if (!name.is_string()) damaged("classes", path);
    names.push_back(name.get<std::string>());
  }
  if (std::set(names.begin(), names.end()).size() != names.size())
    damaged("classes", path);
  return names;
}

}  // namespace

OnnxMetadata to_metadata(const OnnxContract& contract) {
  const Json input = {{"height", contract.height},
                      {"width", contract.width},
                      {"channels", contract.channels},
                      {"layout", contract.nhwc ? "nhwc" : "nchw"},
                      {"type", contract.uint8_input ? "uint8" : "float32"}};
  return {{"ferbench.format", kFormat},
          {"ferbench.classes", Json(contract.classes).dump()},
          {"ferbench.input", input.dump()},
          {"ferbench.precision", contract.precision},
          {"ferbench.model", contract.model},
          {"ferbench.experiment", contract.experiment},
          {"ferbench.run", contract.run},
          {"ferbench.protocol", contract.protocol},
          {"ferbench.commit", contract.commit},
          {"ferbench.license", contract.license},
          {"ferbench.metrics", contract.metrics.dump()}};
}

OnnxContract from_metadata(const OnnxMetadata& metadata,
                           const std::string& path) {
  const std::string format = text_of(metadata, "format", path);
  if (format != kFormat) {
    fail<DataError>(
        "[onnx] expected metadata of format {}; got '{}' ({}). Use the "
        "ferbench that wrote it, or export again.",
        kFormat, format, path);
  }
  const Json input = json_of(metadata, "input", path);
  if (!input.is_object()) damaged("input", path);
  OnnxContract contract;
  contract.classes = class_names(json_of(metadata, "classes", path), path);
  contract.height = side(input, "height", path);
  contract.width = side(input, "width", path);
  contract.channels = side(input, "channels", path);
  contract.nhwc = is_word(input, "layout", "nhwc", "nchw", path);
  contract.uint8_input = is_word(input, "type", "uint8", "float32", path);
  contract.precision = text_of(metadata, "precision", path);
  contract.model = text_of(metadata, "model", path);
  contract.experiment = text_of(metadata, "experiment", path);
  contract.run = text_of(metadata, "run", path);
  contract.protocol = text_of(metadata, "protocol", path);
  contract.commit = text_of(metadata, "commit", path);
  contract.license = text_of(metadata, "license", path);
  contract.metrics = json_of(metadata, "metrics", path);
  return contract;
}

}  // namespace fer
