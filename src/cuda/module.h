// What libferbench_cuda.so offers to the program: plain C, found by name.
#pragma once

namespace fer {

struct CudaModuleInfo {
  int devices = 0;
  int runtime_version = 0;  ///< 13000 for CUDA 13.0
  char device_name[256] = "";
  char error[256] = "";
};

using CudaModuleQuery = void (*)(CudaModuleInfo* info);
inline constexpr const char* kCudaModuleQuery = "ferbench_cuda_query";

}  // namespace fer
