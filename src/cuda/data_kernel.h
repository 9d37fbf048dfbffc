// The data kernel's launch.
#pragma once

#include <cuda_runtime_api.h>

#include "cuda/module.h"

namespace fer {

/// Queues the kernel on `stream`: one block per image. The error of the launch,
/// or null.
const char* launch_data_kernel(const CudaBatch& batch, cudaStream_t stream);

}  // namespace fer
