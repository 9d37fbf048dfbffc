// Whether a model can be exported: traced with one batch size, run with
// another.
#pragma once

#include "models/model.h"

namespace fer {

/// The logits of `images` from a graph that was traced with the first two of
/// them, in evaluation mode.
torch::Tensor traced_logits(Model& model, const torch::Tensor& images);

}  // namespace fer
