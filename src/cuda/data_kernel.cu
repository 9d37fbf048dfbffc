// Gathers, changes, mixes and scales a batch in one pass. The arithmetic is
// that of the CPU (data/augment_math.h), compiled with --fmad=false: same bits.
#include "cuda/data_kernel.h"
#include "cuda/data_values.h"
#include "cuda/launch.h"

namespace fer {
namespace {

constexpr int kThreads = 256;

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
