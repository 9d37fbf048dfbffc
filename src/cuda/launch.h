// Starting a kernel. Kernels are started in no other way: the tests put a
// header of the same name in front of this one, which runs them on the CPU.
#pragma once

#include <cuda_runtime_api.h>

namespace fer {

/// Queues kernel(arguments...) on `stream`; the error of the launch, or null.
template <class... Parameters, class... Arguments>
const char* launch(cudaStream_t stream, dim3 blocks, dim3 threads,
                   void (*kernel)(Parameters...),
                   const Arguments&... arguments) {
  kernel<<<blocks, threads, 0, stream>>>(arguments...);
  const cudaError_t error = cudaGetLastError();
  return error == cudaSuccess ? nullptr : cudaGetErrorString(error);
}

}  // namespace fer
