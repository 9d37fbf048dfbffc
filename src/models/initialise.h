// How weights start. A function of the seed alone: the same on every device.
#pragma once

#include <cstdint>

#include "config/sections.h"
#include "models/model.h"

namespace fer {

/// Fills kernels and biases of all Conv2d and Dense layers.
/// keras: he_normal = normal truncated at two standard deviations, deviation
/// sqrt(2 / fan_in) after truncation; glorot_uniform = +-sqrt(6 / (fan_in +
/// fan_out)); biases 0. torch: kernels and biases uniform in +-1 /
/// sqrt(fan_in).
void initialise(Model& model, Initialiser rule, uint64_t seed);

}  // namespace fer
