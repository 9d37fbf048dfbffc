// Sums over rows, in two stages: the first halves of the passes in
// norm_kernels.h. The error of a launch, or null.
#pragma once

#include <cuda_runtime_api.h>

#include "cuda/norm_passes.h"

namespace fer {

/// Mean and variance of the batch: fills pass.in.table, moves the running
/// statistics on.
const char* launch_moments(const CudaNormForward& pass, cudaStream_t stream);

/// Fills dweight, dbias and the coefficients of the input gradient.
const char* launch_gradient_sums(const CudaNormBackward& pass,
                                 cudaStream_t stream);
const char* launch_pooled_gradient_sums(const CudaNormBackward& pass,
                                        const CudaPool& pool,
                                        cudaStream_t stream);

}  // namespace fer
