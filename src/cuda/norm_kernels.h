// Launches of the passes of batch normalisation, three kernels each: sums over
// the rows, one that finishes them, one over the values. Nothing is read back
// and no memory is taken, so all of it can be recorded. Functions return the
// error of a launch, or null. Memory that is aligned to 16 bytes, with channels
// that come in fours, is read and written four values at once.
#pragma once

#include <cuda_runtime_api.h>

#include "cuda/norm_passes.h"

namespace fer {

const char* launch_norm_forward(const CudaNormForward& pass,
                                cudaStream_t stream);
const char* launch_norm_backward(const CudaNormBackward& pass,
                                 cudaStream_t stream);

/// y: pooled. An odd last row or column takes part in the statistics only.
const char* launch_pooled_forward(const CudaNormForward& pass,
                                  const CudaPool& pool, cudaStream_t stream);
/// gradient: pooled.
const char* launch_pooled_backward(const CudaNormBackward& pass,
                                   const CudaPool& pool, cudaStream_t stream);

}  // namespace fer
