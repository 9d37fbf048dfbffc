// Gathers, changes and scales a batch in one pass. The arithmetic is that of
// the CPU (data/augment_math.h), compiled with --fmad=false: same bits.
#include "cuda/data_kernel.h"

namespace fer {
namespace {

constexpr int kThreads = 256;

__device__ float byte_to_float(uint8_t byte) {
  return static_cast<float>(byte) / 255.0f;
}

// Where value (c, y, x) of an image is written.
__device__ int64_t place(const CudaBatch& batch, int c, int y, int x) {
  const int64_t pixel = static_cast<int64_t>(y) * batch.width + x;
  return batch.channels_last
             ? pixel * batch.channels + c
             : static_cast<int64_t>(c) * batch.height * batch.width + pixel;
}

__global__ void data_kernel(const CudaBatch batch) {
  // Bytes: a shared variable may not have a constructor.
  __shared__ alignas(AugmentPlan) unsigned char storage[sizeof(AugmentPlan)];
  auto* shared_plan = reinterpret_cast<AugmentPlan*>(storage);
  const int64_t sample = batch.order[blockIdx.x];
  if (threadIdx.x == 0 && batch.augment.any) {
    *shared_plan =
        plan(batch.augment, batch.seed, batch.epoch,
             static_cast<uint32_t>(sample), batch.height, batch.width);
  }
  __syncthreads();

  const int pixels = batch.height * batch.width;
  const int values = batch.channels * pixels;
  const uint8_t* image = batch.images + batch.rows[sample] * values;
  float* out = batch.out + static_cast<int64_t>(blockIdx.x) * values;
  for (int i = threadIdx.x; i < values; i += blockDim.x) {
    const int c = i / pixels, y = i % pixels / batch.width, x = i % batch.width;
    out[place(batch, c, y, x)] =
        batch.augment.any
            ? pixel(*shared_plan, image + static_cast<int64_t>(c) * pixels,
                    batch.height, batch.width, x, y)
            : byte_to_float(image[i]);
  }
}

}  // namespace

const char* launch_data_kernel(const CudaBatch& batch, cudaStream_t stream) {
  if (batch.n == 0) return nullptr;
  data_kernel<<<static_cast<unsigned>(batch.n), kThreads, 0, stream>>>(batch);
  const cudaError_t error = cudaGetLastError();
  return error == cudaSuccess ? nullptr : cudaGetErrorString(error);
}

}  // namespace fer
