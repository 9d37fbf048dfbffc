// Over all values: normalised forward, their gradient backward. Rounded as in
// kernels/batch_norm_loops.cpp, with one rounding for a * b + c.
#include "cuda/norm_kernels.h"
#include "cuda/norm_sums.h"
#include "cuda/row_lanes.h"

namespace fer {
namespace {

template <class T, int kWidth>
__global__ void normalise_kernel(const T* __restrict__ x, RowShape rows,
                                 Rectify rectify, NormTable table,
                                 T* __restrict__ y) {
  const Share share = my_share<kWidth>(rows);
  if (share.channel >= rows.channels) return;
  const Lanes<kWidth> scale = load<kWidth>(table.scale + share.channel);
  const Lanes<kWidth> shift = load<kWidth>(table.shift + share.channel);
#pragma unroll 4
  for (uint32_t row = share.first; row < share.end; row += share.step) {
    const int64_t at = row * rows.channels + share.channel;
    Lanes<kWidth> v =
        load_rectified<kWidth>(x + at, rectify == Rectify::kBefore);
#pragma unroll
    for (int k = 0; k < kWidth; ++k) {
      v.at[k] = fmaf(v.at[k], scale.at[k], shift.at[k]);
      if (rectify == Rectify::kAfter) v.at[k] = relu(v.at[k]);
    }
    store(v, y + at);
  }
}

template <class T, int kWidth>
__global__ void input_gradient_kernel(const T* __restrict__ gradient,
                                      const T* __restrict__ x, RowShape rows,
                                      Rectify rectify, NormTable table,
                                      const float* __restrict__ coefficients,
                                      T* __restrict__ dx) {
  const Share share = my_share<kWidth>(rows);
  if (share.channel >= rows.channels) return;
  const Lanes<kWidth> mean = load<kWidth>(table.mean + share.channel);
  const Lanes<kWidth> scale = load<kWidth>(table.scale + share.channel);
  const Lanes<kWidth> shift = load<kWidth>(table.shift + share.channel);
  const float* own = coefficients + share.channel;
  const Lanes<kWidth> gain = load<kWidth>(own);
  const Lanes<kWidth> slope = load<kWidth>(own + rows.channels);
  const Lanes<kWidth> offset = load<kWidth>(own + 2 * rows.channels);
#pragma unroll 4
  for (uint32_t row = share.first; row < share.end; row += share.step) {
    const int64_t at = row * rows.channels + share.channel;
    const Lanes<kWidth> v =
        load_rectified<kWidth>(x + at, rectify == Rectify::kBefore);
    Lanes<kWidth> g = load<kWidth>(gradient + at);
#pragma unroll
    for (int k = 0; k < kWidth; ++k) {
      const bool open = rectify != Rectify::kAfter ||
                        fmaf(v.at[k], scale.at[k], shift.at[k]) > 0;
      const float dv =
          fmaf(gain.at[k], open ? g.at[k] : 0,
               fmaf(slope.at[k], v.at[k] - mean.at[k], offset.at[k]));
      g.at[k] = rectify != Rectify::kBefore || v.at[k] > 0 ? dv : 0;
    }
    store(g, dx + at);
  }
}

}  // namespace

const char* launch_norm_forward(const CudaNormForward& pass,
                                cudaStream_t stream) {
  if (const char* error = launch_moments(pass, stream)) return error;
  const CudaNormInput& in = pass.in;
  const RowShape rows = in.shape.rows();
  return by_pack(in, {in.x, pass.y, in.table.scale, in.table.shift},
                 [&]<class T, int kWidth>(Pack<T, kWidth>) {
                   const RowGrid grid = row_grid<kWidth>(rows);
                   return launch(stream, grid.blocks, grid.threads,
                                 normalise_kernel<T, kWidth>,
                                 static_cast<const T*>(in.x), rows, in.rectify,
                                 in.table, static_cast<T*>(pass.y));
                 });
}

const char* launch_norm_backward(const CudaNormBackward& pass,
                                 cudaStream_t stream) {
  if (const char* error = launch_gradient_sums(pass, stream)) return error;
  const CudaNormInput& in = pass.in;
  const RowShape rows = in.shape.rows();
  return by_pack(in,
                 {in.x, pass.gradient, pass.dx, pass.coefficients,
                  in.table.mean, in.table.scale, in.table.shift},
                 [&]<class T, int kWidth>(Pack<T, kWidth>) {
                   const RowGrid grid = row_grid<kWidth>(rows);
                   return launch(stream, grid.blocks, grid.threads,
                                 input_gradient_kernel<T, kWidth>,
                                 static_cast<const T*>(pass.gradient),
                                 static_cast<const T*>(in.x), rows, in.rectify,
                                 in.table,
                                 static_cast<const float*>(pass.coefficients),
                                 static_cast<T*>(pass.dx));
                 });
}

}  // namespace fer
