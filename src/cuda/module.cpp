// libferbench_cuda.so: the table of functions, over torch's CUDA library.
#include "cuda/module.h"

#include <ATen/cuda/CUDAGeneratorImpl.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>

#include <cstring>

#include "cuda/data_kernel.h"
#include "cuda/norm_kernels.h"

namespace fer {
namespace {

void query(CudaModuleInfo* info) {
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

const char* make_batch(const CudaBatch* batch) {
  return launch_data_kernel(*batch, c10::cuda::getCurrentCUDAStream());
}

const char* norm_forward(const CudaNormForward* pass, const CudaPool* pool) {
  const cudaStream_t stream = c10::cuda::getCurrentCUDAStream();
  return pool ? launch_pooled_forward(*pass, *pool, stream)
              : launch_norm_forward(*pass, stream);
}

const char* norm_backward(const CudaNormBackward* pass, const CudaPool* pool) {
  const cudaStream_t stream = c10::cuda::getCurrentCUDAStream();
  return pool ? launch_pooled_backward(*pass, *pool, stream)
              : launch_norm_backward(*pass, stream);
}

class TorchGraph : public CudaGraph {
 public:
  void record(const std::function<void()>& work) override {
    at::Generator random = at::cuda::detail::getDefaultCUDAGenerator();
    const at::Generator before = random.clone();
    graph_.capture_begin(pool_);
    try {
      work();
      graph_.capture_end();
    } catch (...) {
      abandon();
      // It would still take itself for recorded.
      random.graphsafe_set_state(before);
      throw;
    }
  }
  void replay() override { graph_.replay(); }

 private:
  // The stream must leave its recording state whatever was recorded.
  void abandon() {
    try {
      graph_.capture_end();
    } catch (const std::exception&) {  // the first fault is the one to report
      leave_pool();
    }
    graph_.reset();
    cudaGetLastError();
  }

  // A recording that CUDA itself broke ends before torch tells its allocator.
  void leave_pool() {
    try {
      c10::cuda::CUDACachingAllocator::endAllocateToPool(
          c10::cuda::current_device(), pool_);
    } catch (const std::exception&) {  // it was told
    }
  }

  const at::cuda::MempoolId_t pool_ = at::cuda::graph_pool_handle();
  at::cuda::CUDAGraph graph_;
};

CudaGraph* new_graph() { return new TorchGraph; }

void leave_default_stream() {
  c10::cuda::setCurrentCUDAStream(c10::cuda::getStreamFromPool());
}

int64_t free_bytes() {
  size_t free = 0, total = 0;
  if (cudaMemGetInfo(&free, &total) != cudaSuccess) return 0;
  return static_cast<int64_t>(free);
}

}  // namespace
}  // namespace fer

extern "C" const fer::CudaModule* ferbench_cuda_module() {
  static constexpr fer::CudaModule module{
      fer::query,        fer::make_batch,
      fer::new_graph,    fer::leave_default_stream,
      fer::free_bytes,   fer::norm_forward,
      fer::norm_backward};
  return &module;
}
