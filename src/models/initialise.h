// How weights start. A function of the seed alone: the same on every device.
#pragma once

#include <cstdint>

#include "config/sections.h"
#include "models/model.h"

namespace fer {

/// Fills the parameters of every module that is Initialised, each module from
/// its own stream; other parameters (of normalisations) stay.
/// model: by the module's StartRule (Keras's cut normals have their deviation
/// after the cut). torch: whatever has fans uniform in +-1 / sqrt(fan_in), as
/// kTorchUniform.
void initialise(Model& model, Initialiser rule, uint64_t seed);

}  // namespace fer
