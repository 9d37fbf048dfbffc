// Stand-in for a build without nvcc.
#include "cuda/backend.h"

namespace fer {

const CudaStatus& load_cuda() {
  static const CudaStatus status{.reason =
                                     "[cuda] not built: nvcc was not found"};
  return status;
}

}  // namespace fer
