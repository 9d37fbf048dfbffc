// The CUDA part, kept in a module of its own (libferbench_cuda.so) that is
// loaded only where a driver is found: a machine without a GPU needs none of
// NVIDIA's libraries.
#pragma once

#include <string>

#include "cuda/module.h"

namespace fer {

struct CudaStatus {
  bool built = false;       ///< this program was built with nvcc
  bool available = false;   ///< and a GPU can be used now
  std::string reason = {};  ///< why not
  std::string device_name = {};
  std::string version = {};  ///< of the CUDA runtime: "13.0"
};

/// Loads the module at the first call; cheap and the same afterwards.
const CudaStatus& load_cuda();

/// The module's functions; only where load_cuda() says `available`.
const CudaModule& cuda_module();

}  // namespace fer
