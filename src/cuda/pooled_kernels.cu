// Normalisation with 2x2 pooling and dropout over all windows: a thread takes
// the same channels of one window after the other. Rounded as in
// kernels/pooled_loops.cpp.
#include <cmath>

#include "cuda/dropout_words.h"
#include "cuda/norm_kernels.h"
#include "cuda/norm_sums.h"
#include "cuda/row_lanes.h"
#include "kernels/pooled_batch_norm.h"

namespace fer {
namespace {

struct Dropout {
  uint64_t threshold;  // in 2^-32; 0: none
  const uint64_t* key;
  float factor;
};

// PictureShape::rows() is for the host.
__device__ RowShape rows_of(const PictureShape& shape) {
  return {shape.images * shape.height * shape.width, shape.channels};
}

// Window `index` of windows with `height` rows of `width`.
struct Window {
  uint32_t image, line, column;
};

__device__ Window window_at(uint32_t index, uint32_t height, uint32_t width) {
  const uint32_t line = index / width;
  return {line / height, line % height, index % width};
}

// The first value of a pixel.
__device__ int64_t pixel_at(const PictureShape& shape, uint32_t image,
                            int64_t line, int64_t column) {
  return ((image * shape.height + line) * shape.width + column) *
         shape.channels;
}

// 1 where dropout keeps the values from `at` on.
template <int kWidth>
__device__ Pack<bool, kWidth> kept(uint64_t key, uint64_t threshold,
                                   int64_t at) {
  Pack<bool, kWidth> keep;
  if (threshold == 0) {
#pragma unroll
    for (int k = 0; k < kWidth; ++k) keep.at[k] = true;
    return keep;
  }
  const DropoutWords words = dropout_words(key, static_cast<uint32_t>(at / 4));
#pragma unroll
  for (int k = 0; k < kWidth; ++k)
    keep.at[k] = words.at[kWidth == 4 ? k : at % 4] >= threshold;
  return keep;
}

// The largest so far, its place, and its value before the normalisation.
template <int kWidth>
struct Largest {
  Lanes<kWidth> value, source;
  Pack<uint8_t, kWidth> place;
};

// The first of equals wins.
template <int kWidth>
__device__ void contend(const Lanes<kWidth>& source, const Lanes<kWidth>& scale,
                        const Lanes<kWidth>& shift, int place,
                        Largest<kWidth>& best) {
#pragma unroll
  for (int k = 0; k < kWidth; ++k) {
    const float value = fmaf(source.at[k], scale.at[k], shift.at[k]);
    if (place > 0 && !(value > best.value.at[k])) continue;
    best.value.at[k] = value;
    best.source.at[k] = source.at[k];
    best.place.at[k] = static_cast<uint8_t>(place);
  }
}

template <class T, int kWidth>
__global__ void normalise_pool_kernel(const T* __restrict__ x,
                                      PictureShape shape, PictureShape pooled,
                                      NormTable table, Dropout dropout,
                                      uint8_t* __restrict__ choice,
                                      T* __restrict__ winner,
                                      T* __restrict__ y) {
  const Share share = my_share<kWidth>(rows_of(pooled));
  if (share.channel >= shape.channels) return;
  const Lanes<kWidth> scale = load<kWidth>(table.scale + share.channel);
  const Lanes<kWidth> shift = load<kWidth>(table.shift + share.channel);
  const uint64_t key = dropout.threshold > 0 ? *dropout.key : 0;
  for (uint32_t row = share.first; row < share.end; row += share.step) {
    const Window window = window_at(row, static_cast<uint32_t>(pooled.height),
                                    static_cast<uint32_t>(pooled.width));
    const T* from =
        x + share.channel +
        pixel_at(shape, window.image, 2 * window.line, 2 * window.column);
    Largest<kWidth> best = {};
#pragma unroll
    for (int place = 0; place < 4; ++place) {
      const int64_t step = (place / 2 * shape.width + place % 2);
      contend(load_rectified<kWidth>(from + step * shape.channels, true), scale,
              shift, place, best);
    }
    const int64_t at = row * shape.channels + share.channel;
    const auto keep = kept<kWidth>(key, dropout.threshold, at);
#pragma unroll
    for (int k = 0; k < kWidth; ++k) {
      best.value.at[k] = keep.at[k] ? best.value.at[k] * dropout.factor : 0;
      if (!keep.at[k]) best.place.at[k] = kDropped;
    }
    store(best.value, y + at);
    store(best.source, winner + at);
    *reinterpret_cast<Pack<uint8_t, kWidth>*>(choice + at) = best.place;
  }
}

// The gradient that came to a window, and where its largest value stood.
template <int kWidth>
struct Arrived {
  Lanes<kWidth> gradient;
  Pack<uint8_t, kWidth> place;
};

// Nothing comes to a window over an odd rim, which was not pooled.
template <class T, int kWidth>
__device__ Arrived<kWidth> arrived(const T* gradient, const uint8_t* choice,
                                   const PictureShape& pooled, Window window,
                                   int64_t channel) {
  Arrived<kWidth> result = {};
  if (window.line < pooled.height && window.column < pooled.width) {
    const int64_t at =
        pixel_at(pooled, window.image, window.line, window.column) + channel;
    result.gradient = load<kWidth>(gradient + at);
    result.place = *reinterpret_cast<const Pack<uint8_t, kWidth>*>(choice + at);
  }
  return result;
}

template <class T, int kWidth>
__global__ void pooled_gradient_kernel(
    const T* __restrict__ gradient, const uint8_t* __restrict__ choice,
    const T* __restrict__ x, PictureShape shape, PictureShape pooled,
    PictureShape windows, float factor, NormTable table,
    const float* __restrict__ coefficients, T* __restrict__ dx) {
  const Share share = my_share<kWidth>(rows_of(windows));
  if (share.channel >= shape.channels) return;
  const Lanes<kWidth> mean = load<kWidth>(table.mean + share.channel);
  const float* own = coefficients + share.channel;
  const Lanes<kWidth> gain = load<kWidth>(own);
  const Lanes<kWidth> slope = load<kWidth>(own + shape.channels);
  const Lanes<kWidth> offset = load<kWidth>(own + 2 * shape.channels);
  for (uint32_t row = share.first; row < share.end; row += share.step) {
    const Window window = window_at(row, static_cast<uint32_t>(windows.height),
                                    static_cast<uint32_t>(windows.width));
    const auto from =
        arrived<T, kWidth>(gradient, choice, pooled, window, share.channel);
#pragma unroll
    for (int place = 0; place < 4; ++place) {
      const int64_t line = 2 * window.line + place / 2,
                    column = 2 * window.column + place % 2;
      if (line >= shape.height || column >= shape.width) continue;
      const int64_t at =
          pixel_at(shape, window.image, line, column) + share.channel;
      Lanes<kWidth> v = load<kWidth>(x + at);
#pragma unroll
      for (int k = 0; k < kWidth; ++k) {
        const float g = from.place.at[k] == place
                            ? gain.at[k] * factor * from.gradient.at[k]
                            : 0;
        const float dv =
            g + fmaf(slope.at[k], v.at[k] - mean.at[k], offset.at[k]);
        v.at[k] = v.at[k] > 0 ? dv : 0;
      }
      store(v, dx + at);
    }
  }
}

// With those that only an odd last row or column begins.
PictureShape all_windows(const PictureShape& shape) {
  return {shape.images, (shape.height + 1) / 2, (shape.width + 1) / 2,
          shape.channels};
}

Dropout dropout_of(const CudaPool& pool) {
  return {dropout_threshold(pool.rate), pool.key, dropout_factor(pool.rate)};
}

}  // namespace

const char* launch_pooled_forward(const CudaNormForward& pass,
                                  const CudaPool& pool, cudaStream_t stream) {
  if (const char* error = launch_moments(pass, stream)) return error;
  const CudaNormInput& in = pass.in;
  return by_pack(
      in,
      {in.x, pass.y, pool.winner, pool.choice, in.table.scale, in.table.shift},
      [&]<class T, int kWidth>(Pack<T, kWidth>) {
        const RowGrid grid = row_grid<kWidth>(in.shape.pooled().rows());
        return launch(stream, grid.blocks, grid.threads,
                      normalise_pool_kernel<T, kWidth>,
                      static_cast<const T*>(in.x), in.shape, in.shape.pooled(),
                      in.table, dropout_of(pool), pool.choice,
                      static_cast<T*>(pool.winner), static_cast<T*>(pass.y));
      });
}

const char* launch_pooled_backward(const CudaNormBackward& pass,
                                   const CudaPool& pool, cudaStream_t stream) {
  if (const char* error = launch_pooled_gradient_sums(pass, pool, stream))
    return error;
  const CudaNormInput& in = pass.in;
  const PictureShape windows = all_windows(in.shape);
  return by_pack(in,
                 {in.x, pass.gradient, pass.dx, pool.choice, pass.coefficients,
                  in.table.mean},
                 [&]<class T, int kWidth>(Pack<T, kWidth>) {
                   const RowGrid grid = row_grid<kWidth>(windows.rows());
                   return launch(stream, grid.blocks, grid.threads,
                                 pooled_gradient_kernel<T, kWidth>,
                                 static_cast<const T*>(pass.gradient),
                                 static_cast<const uint8_t*>(pool.choice),
                                 static_cast<const T*>(in.x), in.shape,
                                 in.shape.pooled(), windows,
                                 dropout_factor(pool.rate), in.table,
                                 static_cast<const float*>(pass.coefficients),
                                 static_cast<T*>(pass.dx));
                 });
}

}  // namespace fer
