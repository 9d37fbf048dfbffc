// Weights that a model starts from.
#pragma once

#include <filesystem>
#include <tuple>

#include "config/field.h"

namespace fer {

/// Whose tensor names a file uses.
enum class WeightsLayout { kFerbench, kTorchvision, kTimm, kHuggingFace };
template <>
inline constexpr const char* kWords<WeightsLayout>[] = {
    "ferbench", "torchvision", "timm", "huggingface"};

struct WeightsConfig {
  std::filesystem::path file;
  WeightsLayout layout = WeightsLayout::kFerbench;
  bool strict = true;

  static constexpr auto fields() {
    using C = WeightsConfig;
    return std::tuple(
        field("file", &C::file,
              "A safetensors file; a checkpoint of another run, for example"),
        field("layout", &C::layout, "Whose tensor names the file uses"),
        field("strict", &C::strict,
              "true: apart from the head, the file must hold every tensor of "
              "the model and no other; false: load what is there"));
  }
};

}  // namespace fer
