// First every block sums its rows; then one small kernel adds the blocks up and
// makes of the totals what the passes over the values need.
#include "cuda/block_sums.h"
#include "cuda/norm_sums.h"
#include "kernels/dropout_mask.h"
#include "kernels/pooled_batch_norm.h"

namespace fer {
namespace {

// Of v - pivot and of its square. The pivot is the first row: deviations from
// some value of the batch, not from zero, keep the variance exact where the
// mean is much larger than the deviation.
template <class T, int kWidth>
__global__ void moments_kernel(const T* __restrict__ x, RowShape rows,
                               bool rectify, double* __restrict__ sums) {
  const Share share = my_share<kWidth>(rows);
  Sums<kWidth> mine = {};
  if (share.channel < rows.channels) {
    const T* from = x + share.channel;
    const Lanes<kWidth> pivot = load_rectified<kWidth>(from, rectify);
    mine = sum_rows<kWidth>(
        share, [&](uint32_t row, Lanes<kWidth>& first, Lanes<kWidth>& second) {
          const Lanes<kWidth> v =
              load_rectified<kWidth>(from + row * rows.channels, rectify);
#pragma unroll
          for (int k = 0; k < kWidth; ++k) {
            const float deviation = v.at[k] - pivot.at[k];
            first.at[k] += deviation;
            second.at[k] = fmaf(deviation, deviation, second.at[k]);
          }
        });
  }
  leave(mine, share, rows.channels, sums);
}

// Of g and of g * (v - mean); g is zero where a ReLU behind closed.
template <class T, int kWidth>
__global__ void gradient_sums_kernel(const T* __restrict__ gradient,
                                     const T* __restrict__ x, RowShape rows,
                                     Rectify rectify, NormTable table,
                                     double* __restrict__ sums) {
  const Share share = my_share<kWidth>(rows);
  Sums<kWidth> mine = {};
  if (share.channel < rows.channels) {
    const Lanes<kWidth> mean = load<kWidth>(table.mean + share.channel);
    const Lanes<kWidth> scale = load<kWidth>(table.scale + share.channel);
    const Lanes<kWidth> shift = load<kWidth>(table.shift + share.channel);
    mine = sum_rows<kWidth>(
        share, [&](uint32_t row, Lanes<kWidth>& first, Lanes<kWidth>& second) {
          const int64_t at = row * rows.channels + share.channel;
          const Lanes<kWidth> v =
              load_rectified<kWidth>(x + at, rectify == Rectify::kBefore);
          const Lanes<kWidth> g = load<kWidth>(gradient + at);
#pragma unroll
          for (int k = 0; k < kWidth; ++k) {
            const bool open = rectify != Rectify::kAfter ||
                              fmaf(v.at[k], scale.at[k], shift.at[k]) > 0;
            const float own = open ? g.at[k] : 0;
            first.at[k] += own;
            second.at[k] = fmaf(own, v.at[k] - mean.at[k], second.at[k]);
          }
        });
  }
  leave(mine, share, rows.channels, sums);
}

// The same over pooled values; g is zero where dropout took the value.
template <class T, int kWidth>
__global__ void pooled_sums_kernel(const T* __restrict__ gradient,
                                   const T* __restrict__ winner,
                                   const uint8_t* __restrict__ choice,
                                   RowShape rows, float factor, NormTable table,
                                   double* __restrict__ sums) {
  const Share share = my_share<kWidth>(rows);
  Sums<kWidth> mine = {};
  if (share.channel < rows.channels) {
    const Lanes<kWidth> mean = load<kWidth>(table.mean + share.channel);
    mine = sum_rows<kWidth>(
        share, [&](uint32_t row, Lanes<kWidth>& first, Lanes<kWidth>& second) {
          const int64_t at = row * rows.channels + share.channel;
          const Lanes<kWidth> v = load<kWidth>(winner + at);
          const Lanes<kWidth> g = load<kWidth>(gradient + at);
          const auto places =
              *reinterpret_cast<const Pack<uint8_t, kWidth>*>(choice + at);
#pragma unroll
          for (int k = 0; k < kWidth; ++k) {
            const float own = places.at[k] < kDropped ? g.at[k] * factor : 0;
            first.at[k] += own;
            second.at[k] = fmaf(own, v.at[k] - mean.at[k], second.at[k]);
          }
        });
  }
  leave(mine, share, rows.channels, sums);
}

// Finishing kernels: x over channels, y over the blocks whose sums are added.
constexpr dim3 kFinishThreads(8, kBlockThreads / 8);

dim3 finish_blocks(int64_t channels) {
  return dim3(static_cast<unsigned>((channels + 7) / 8));
}

// As fill_table() of kernels/batch_norm.h.
__device__ void fill_table(double mean, double variance,
                           const CudaNormLayer& layer, const NormTable& table,
                           int64_t c) {
  const double inverse = 1.0 / sqrt(variance + layer.epsilon);
  const double scale = static_cast<double>(layer.weight[c]) * inverse;
  table.mean[c] = static_cast<float>(mean);
  table.inverse[c] = static_cast<float>(inverse);
  table.scale[c] = static_cast<float>(scale);
  table.shift[c] =
      static_cast<float>(static_cast<double>(layer.bias[c]) - mean * scale);
}

__device__ void move_on(double mean, double variance, double rows,
                        const CudaNormLayer& layer, int64_t c) {
  const double fresh = 1.0 - layer.momentum;
  const double share = layer.biased_variance ? 1.0 : rows / (rows - 1.0);
  float &running_mean = layer.running_mean[c],
        &running_var = layer.running_var[c];
  running_mean = static_cast<float>(
      layer.momentum * static_cast<double>(running_mean) + fresh * mean);
  running_var =
      static_cast<float>(layer.momentum * static_cast<double>(running_var) +
                         fresh * share * variance);
}

template <class T>
__global__ void finish_moments_kernel(CudaNormForward pass, RowShape rows,
                                      int64_t blocks) {
  const int64_t c = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const Sums<1> total = total_of(pass.in.sums, blocks, rows.channels, c);
  if (threadIdx.y > 0 || c >= rows.channels) return;
  const Lanes<1> pivot = load_rectified<1>(static_cast<const T*>(pass.in.x) + c,
                                           pass.in.rectify == Rectify::kBefore);
  const auto n = static_cast<double>(rows.count);
  const double deviation = total.first[0] / n;
  const double squares = total.second[0] / n - deviation * deviation;
  const double mean = deviation + static_cast<double>(pivot.at[0]);
  const double variance = squares < 0 ? 0 : squares;  // NaN must stay
  fill_table(mean, variance, pass.layer, pass.in.table, c);
  move_on(mean, variance, n, pass.layer, c);
}

// As gradient_table() of kernels/batch_norm.h, and the layer's own gradients.
__global__ void finish_gradients_kernel(CudaNormBackward pass, RowShape rows,
                                        int64_t blocks) {
  const int64_t c = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const Sums<1> total = total_of(pass.in.sums, blocks, rows.channels, c);
  if (threadIdx.y > 0 || c >= rows.channels) return;
  const double gradient = total.first[0], product = total.second[0];
  const auto n = static_cast<double>(rows.count);
  const auto scale = static_cast<double>(pass.in.table.scale[c]);
  const auto inverse = static_cast<double>(pass.in.table.inverse[c]);
  float* const gain = pass.coefficients;
  float *const slope = gain + rows.channels, *const offset =
                                                 slope + rows.channels;
  gain[c] = pass.in.table.scale[c];
  slope[c] = static_cast<float>(-scale * inverse * inverse * product / n);
  offset[c] = static_cast<float>(-scale * gradient / n);
  pass.dweight[c] = static_cast<float>(product * inverse);
  pass.dbias[c] = static_cast<float>(gradient);
}

const char* finish_gradients(const CudaNormBackward& pass, int64_t blocks,
                             cudaStream_t stream) {
  return launch(stream, finish_blocks(pass.in.shape.channels), kFinishThreads,
                finish_gradients_kernel, pass, pass.in.shape.rows(), blocks);
}

}  // namespace

const char* launch_moments(const CudaNormForward& pass, cudaStream_t stream) {
  const CudaNormInput& in = pass.in;
  const RowShape rows = in.shape.rows();
  return by_pack(in, {in.x}, [&]<class T, int kWidth>(Pack<T, kWidth>) {
    const RowGrid grid = row_grid<kWidth>(rows);
    const char* error =
        launch(stream, grid.blocks, grid.threads, moments_kernel<T, kWidth>,
               static_cast<const T*>(in.x), rows,
               in.rectify == Rectify::kBefore, in.sums);
    if (error) return error;
    return launch(stream, finish_blocks(rows.channels), kFinishThreads,
                  finish_moments_kernel<T>, pass, rows, norm_blocks(rows));
  });
}

const char* launch_gradient_sums(const CudaNormBackward& pass,
                                 cudaStream_t stream) {
  const CudaNormInput& in = pass.in;
  const RowShape rows = in.shape.rows();
  const char* error = by_pack(
      in, {in.x, pass.gradient, in.table.mean, in.table.scale, in.table.shift},
      [&]<class T, int kWidth>(Pack<T, kWidth>) {
        const RowGrid grid = row_grid<kWidth>(rows);
        return launch(
            stream, grid.blocks, grid.threads, gradient_sums_kernel<T, kWidth>,
            static_cast<const T*>(pass.gradient), static_cast<const T*>(in.x),
            rows, in.rectify, in.table, in.sums);
      });
  return error ? error : finish_gradients(pass, norm_blocks(rows), stream);
}

const char* launch_pooled_gradient_sums(const CudaNormBackward& pass,
                                        const CudaPool& pool,
                                        cudaStream_t stream) {
  const CudaNormInput& in = pass.in;
  const RowShape rows = in.shape.pooled().rows();
  const char* error =
      by_pack(in, {pass.gradient, pool.winner, pool.choice, in.table.mean},
              [&]<class T, int kWidth>(Pack<T, kWidth>) {
                const RowGrid grid = row_grid<kWidth>(rows);
                return launch(stream, grid.blocks, grid.threads,
                              pooled_sums_kernel<T, kWidth>,
                              static_cast<const T*>(pass.gradient),
                              static_cast<const T*>(pool.winner),
                              static_cast<const uint8_t*>(pool.choice), rows,
                              dropout_factor(pool.rate), in.table, in.sums);
              });
  return error ? error : finish_gradients(pass, norm_blocks(rows), stream);
}

}  // namespace fer
