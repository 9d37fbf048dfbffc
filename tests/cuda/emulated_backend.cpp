// A CUDA module whose passes of batch normalisation run on the CPU, in the
// place of src/cuda/backend.cpp: what stands above the module is tested with
// tensors of the CPU.
#include "cuda/backend.h"
#include "cuda/norm_kernels.h"

namespace fer {
namespace {

const char* norm_forward(const CudaNormForward* pass, const CudaPool* pool) {
  return pool ? launch_pooled_forward(*pass, *pool, nullptr)
              : launch_norm_forward(*pass, nullptr);
}

const char* norm_backward(const CudaNormBackward* pass, const CudaPool* pool) {
  return pool ? launch_pooled_backward(*pass, *pool, nullptr)
              : launch_norm_backward(*pass, nullptr);
}

}  // namespace

const CudaStatus& load_cuda() {
  static const CudaStatus status{.reason = "a GPU that is emulated"};
  return status;
}

const CudaModule& cuda_module() {
  static const CudaModule module = [] {
    CudaModule passes{};
    passes.norm_forward = norm_forward;
    passes.norm_backward = norm_backward;
    return passes;
  }();
  return module;
}

}  // namespace fer
