// Stand-in for a build without nvcc.
#include <cstdlib>

#include "cuda/backend.h"

namespace fer {

const CudaStatus& load_cuda() {
  static const CudaStatus status{.reason =
                                     "[cuda] not built: nvcc was not found"};
  return status;
}

const CudaModule& cuda_module() { std::abort(); }

}  // namespace fer
