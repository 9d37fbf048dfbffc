// The passes of fused_norm.h for values on a GPU, by the kernels of src/cuda/.
// Nothing is read back: a step with them can be recorded and repeated.
#pragma once

#include <torch/types.h>

#include "kernels/activations.h"
#include "models/layers.h"

namespace fer {

/// Whether there are few enough of them: rows below 2^31, values below 2^34.
bool cuda_takes(const torch::Tensor& x);

/// As fused_norm(), but for kSwishAfter; the running statistics move on the
/// GPU.
torch::Tensor cuda_fused_norm(const BatchNorm::Parts& norm,
                              const torch::Tensor& x, Rectify rectify);

/// As fused_norm_pool(), but the dropped values follow from one number of
/// torch's generator of the GPU, drawn there: another one in every repetition.
torch::Tensor cuda_fused_norm_pool(const BatchNorm::Parts& norm,
                                   const torch::Tensor& x, double dropout_rate);

/// Throws an Error that names the setting where `error` is not null.
void check_queued(const char* error);

}  // namespace fer
