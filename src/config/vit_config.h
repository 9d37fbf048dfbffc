// Vision transformers.
#pragma once

#include <tuple>

#include "config/field.h"

namespace fer {

struct VitConfig {
  int patch_size = 16;
  double layer_norm_epsilon = 1e-6;

  static constexpr auto fields() {
    using C = VitConfig;
    return std::tuple(
        field("patch_size", &C::patch_size,
              "Side of a patch; data.image_size must be a multiple of it")
            .at_least(1)
            .in_unit("pixels"),
        field("layer_norm_epsilon", &C::layer_norm_epsilon,
              "Added to the variance (timm and torchvision 1e-6, Hugging Face "
              "1e-12)")
            .in(0, 1));
  }
};

}  // namespace fer
