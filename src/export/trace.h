// Records what a function of tensors does: the only place that knows
// torch::jit, so that another way of tracing changes one file.
#pragma once

#include <torch/types.h>

#include <functional>

#include "export/traced_graph.h"
#include "models/model.h"

namespace fer {

using TensorFunction = std::function<torch::Tensor(const torch::Tensor&)>;

/// The operators of function(example), shapes complete, the first dimension
/// open. The function is run on the first two and on all rows of the example
/// (at least three). Constants that are one of `names` (the same memory, not
/// equal values) carry that name. No tensor may require gradients. DataError
/// for a batch size that is baked in and for values that are no tensors.
TracedGraph trace(const TensorFunction& function, const NamedTensors& names,
                  const torch::Tensor& example);

}  // namespace fer
