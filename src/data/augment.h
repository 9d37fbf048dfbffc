// Random changes to a training image. The arithmetic is written once, for the
// CPU and for CUDA kernels (augment_math.h); every number is a function of
// (seed, epoch, sample id).
#pragma once

#include <cstdint>

#include "config/sections.h"
#include "data/augment_math.h"

namespace fer {

/// The settings of the YAML as a kernel takes them; `any` is false where no
/// image would ever change but by mixup.
AugmentSettings augment_settings(const AugmentConfig& config);

/// Writes one changed image, floats [C, H, W] in [0, 1], from bytes [C, H, W].
void apply(const AugmentPlan& plan, const uint8_t* image, int channels,
           int height, int width, float* out);

}  // namespace fer
