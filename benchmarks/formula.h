// The weights and images of benchmarks/python/formula.py, to the bit.
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/image_set.h"
#include "formula_hash.h"
#include "models/model.h"

namespace fer {

inline void fill_by_formula(Model& model) {
  const torch::NoGradGuard guard;
  uint32_t t = 0;
  for (const auto& [name, tensor] : named_parameters(model)) {
    const bool kernel = tensor.dim() >= 2;
    const double fan_in =
        kernel ? static_cast<double>(tensor.numel() / tensor.size(0)) : 1;
    torch::Tensor values = at::empty(tensor.sizes(), torch::kFloat);
    float* out = values.data_ptr<float>();
    for (int64_t i = 0; i < values.numel(); ++i) {
      const double u = formula_hash(static_cast<uint32_t>(i), t) / 4294967296.0;
      const double wave = 2 * u - 1;
      out[i] = static_cast<float>(kernel ? wave * std::sqrt(6 / fan_in)
                                  : name.ends_with("weight") ? 1 + 0.1 * wave
                                                             : 0.05 * wave);
    }
    tensor.copy_(values);
    ++t;
  }
}

inline constexpr int64_t kFormulaSize = 48;

/// 512 pictures of 48x48 pixels of two classes.
inline ImageSet formula_images(size_t channels) {
  constexpr size_t kImages = 512;
  ImageSet set;
  set.channels = channels;
  set.height = set.width = kFormulaSize;
  set.class_names = {"0", "1"};
  auto pixels =
      std::make_shared<std::vector<uint8_t>>(kImages * set.image_bytes());
  for (size_t i = 0; i < pixels->size(); ++i)
    (*pixels)[i] = static_cast<uint8_t>(
        formula_hash(static_cast<uint32_t>(i), 1000) >> 24);
  for (size_t i = 0; i < kImages; ++i) {
    set.labels.push_back(static_cast<int64_t>(i % 2));
    set.ids.push_back(std::to_string(i));
  }
  set.usage.assign(kImages, Usage::kNone);
  set.pixels = pixels->data();
  set.owner = std::move(pixels);
  return set;
}

}  // namespace fer
