#include <cuda_runtime_api.h>

#include <cstring>

#include "cuda/module.h"

extern "C" void ferbench_cuda_query(fer::CudaModuleInfo* info) {
  cudaRuntimeGetVersion(&info->runtime_version);
  const cudaError_t error = cudaGetDeviceCount(&info->devices);
  if (error != cudaSuccess) {
    info->devices = 0;
    std::strncpy(info->error, cudaGetErrorString(error),
                 sizeof info->error - 1);
    return;
  }
  cudaDeviceProp properties;
  if (info->devices > 0 &&
      cudaGetDeviceProperties(&properties, 0) == cudaSuccess) {
    std::strncpy(info->device_name, properties.name,
                 sizeof info->device_name - 1);
  }
}
