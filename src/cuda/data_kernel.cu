// Gathers, changes, mixes and scales a batch in one pass. The arithmetic is
// that of the CPU (data/augment_math.h), compiled with --fmad=false: same bits.
#include "cuda/data_kernel.h"
#include "cuda/launch.h"

namespace fer {
namespace {

constexpr int kThreads = 256;

__device__ BatchPlace place_of(const CudaBatch& batch) {
  return batch.moving ? *batch.moving : batch.place;
}

__device__ AugmentPlan plan_of(const CudaBatch& batch, BatchPlace place,
                               int64_t sample) {
  return plan(batch.augment, batch.seed, static_cast<uint32_t>(place.epoch),
              static_cast<uint32_t>(sample), batch.height, batch.width);
}

/// Value i of an image, in the order channel, row, column.
struct ValueAt {
  int channel, y, x;
};

__device__ ValueAt value_at(const CudaBatch& batch, int i) {
  const int pixels = batch.height * batch.width;
  return {i / pixels, i % pixels / batch.width, i % batch.width};
}

/// Where the batch has it, from its image's first value on.
__device__ int64_t written_at(const CudaBatch& batch, ValueAt at) {
  const int64_t pixel = static_cast<int64_t>(at.y) * batch.width + at.x;
  return batch.channels_last
             ? pixel * batch.channels + at.channel
             : static_cast<int64_t>(at.channel) * batch.height * batch.width +
                   pixel;
}

/// The value of a sample, in [0, 1]; `changes` counts where images change.
__device__ float value_of(const CudaBatch& batch, int64_t sample,
                          const AugmentPlan& changes, ValueAt at) {
  const int64_t pixels = static_cast<int64_t>(batch.height) * batch.width;
  const uint8_t* plane =
      batch.images +
      (batch.rows[sample] * batch.channels + at.channel) * pixels;
  if (batch.augment.any)
    return pixel(changes, plane, batch.height, batch.width, at.x, at.y);
  return static_cast<float>(plane[at.y * batch.width + at.x]) / 255.0f;
}

__global__ void data_kernel(const CudaBatch batch) {
  // Bytes: a shared variable may not have a constructor.
  alignas(AugmentPlan)
      __shared__ unsigned char storage[2 * sizeof(AugmentPlan)];
  auto* plans = reinterpret_cast<AugmentPlan*>(storage);
  const BatchPlace place = place_of(batch);
  const int64_t at = place.first + blockIdx.x;
  const bool mixes = batch.partners != nullptr;
  const int64_t samples[2] = {batch.order[at], mixes ? batch.partners[at] : 0};
  if (threadIdx.x < (mixes ? 2 : 1) && batch.augment.any)
    plans[threadIdx.x] = plan_of(batch, place, samples[threadIdx.x]);
  __syncthreads();

  const int values = batch.channels * batch.height * batch.width;
  const float share = mixes ? batch.shares[at] : 1, rest = 1 - share;
  float* out = batch.out + static_cast<int64_t>(blockIdx.x) * values;
  for (int i = threadIdx.x; i < values; i += blockDim.x) {
    const ValueAt where = value_at(batch, i);
    float value = value_of(batch, samples[0], plans[0], where);
    if (mixes)
      value = mixed(share, value, rest,
                    value_of(batch, samples[1], plans[1], where));
    out[written_at(batch, where)] = value;
  }
}

}  // namespace

const char* launch_data_kernel(const CudaBatch& batch, cudaStream_t stream) {
  if (batch.n == 0) return nullptr;
  return launch(stream, dim3(static_cast<unsigned>(batch.n)), dim3(kThreads),
                data_kernel, batch);
}

}  // namespace fer
