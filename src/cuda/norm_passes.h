// Batch normalisation in passes over memory on a GPU, as CudaModule takes it.
// The formulas are those of kernels/batch_norm.h, the memory order is NHWC.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/batch_norm.h"

namespace fer {

/// What all passes of one layer share; pointers are the GPU's, and the table,
/// like all per-channel numbers, is float.
struct CudaNormInput {
  PictureShape shape{};  ///< `[N, C]` is {N, 1, 1, C}; 2 to 2^31 - 1 rows
  bool bf16 = false;     ///< activations and their gradients; else float
  Rectify rectify = Rectify::kNone;  ///< with pooling: kBefore
  const void* x = nullptr;
  NormTable table{};  ///< written by the forward, read by the backward pass
  double* sums = nullptr;  ///< norm_workspace() of them
};

/// The layer's own numbers, `[C]` each.
struct CudaNormLayer {
  const float *weight = nullptr, *bias = nullptr;
  /// moving = momentum * moving + (1 - momentum) * batch.
  float *running_mean = nullptr, *running_var = nullptr;
  double epsilon = 0, momentum = 0;
  bool biased_variance = false;  ///< what the moving variance takes
};

struct CudaNormForward {
  CudaNormInput in;
  CudaNormLayer layer;
  void* y = nullptr;
};

struct CudaNormBackward {
  CudaNormInput in;
  const void* gradient = nullptr;  ///< of y
  void* dx = nullptr;
  float *dweight = nullptr, *dbias = nullptr;
  float* coefficients = nullptr;  ///< workspace `[3, C]`
};

/// 2x2 pooling and dropout behind the normalisation. winner and choice have the
/// shape of y; see kernels/pooled_batch_norm.h.
struct CudaPool {
  void* winner = nullptr;     ///< written forward, read backward
  uint8_t* choice = nullptr;  ///< likewise
  double rate = 0;            ///< of dropout, in [0, 1)
  /// What falls is that of dropout_mask() with this key. On the GPU: a recorded
  /// pass drops other values once the number there is another. Read forward
  /// only, and not at rate 0.
  const uint64_t* key = nullptr;
};

/// Into how many blocks the sums of `rows` are cut: a function of the shape
/// alone, so that they are the same bits on any GPU. At least 4,096 values
/// each, where a block takes up to 128 channels; at most 512 blocks.
inline int64_t norm_blocks(RowShape rows) {
  const int64_t tile = std::min<int64_t>(rows.channels, 128);
  const int64_t tiles = (rows.channels + tile - 1) / tile;
  return std::clamp<int64_t>(rows.count * tile / 4096, 1,
                             std::max<int64_t>(512 / tiles, 1));
}

/// Doubles of CudaNormInput::sums.
inline int64_t norm_workspace(RowShape rows) {
  return 2 * norm_blocks(rows) * rows.channels;
}

}  // namespace fer
