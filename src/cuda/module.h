// What libferbench_cuda.so offers to the program: a table of functions, found
// by one name.
#pragma once

#include <cstdint>
#include <functional>

#include "cuda/norm_passes.h"
#include "data/augment_math.h"

namespace fer {

struct CudaModuleInfo {
  int devices = 0;
  int runtime_version = 0;  ///< 13000 for CUDA 13.0
  char device_name[256] = "";
  char error[256] = "";
};

/// Where a batch that is made again and again, as in a recorded step, is to be
/// read and with which epoch's changes; on the GPU, moved on there.
struct BatchPlace {
  int64_t first;  ///< of the order
  int64_t epoch;
};

/// A batch to be made on the GPU; all pointers are its own. Image i of the
/// batch is images[rows[order[first + i]]], changed by the plan of (seed,
/// epoch, order[first + i]) and mixed with its partner: what fill_batch()
/// (data/batch.h) writes, to the bit.
struct CudaBatch {
  const uint8_t* images = nullptr;  ///< `[N, C, H, W]`
  const int64_t* rows = nullptr;    ///< images of a split
  const int32_t* order = nullptr;   ///< positions in rows
  /// Mixup, in the order of `order`: positions in rows, and the own shares;
  /// null: none.
  const int32_t* partners = nullptr;
  const float* shares = nullptr;
  int64_t n = 0;
  int channels = 1, height = 0, width = 0;
  AugmentSettings augment{};
  uint64_t seed = 0;
  BatchPlace place{};  ///< where `moving` is null
  const BatchPlace* moving = nullptr;
  bool channels_last = false;  ///< out is `[n, H, W, C]`, else `[n, C, H, W]`
  float* out = nullptr;        ///< in [0, 1]
};

/// Work that was recorded once and is repeated as a whole.
class CudaGraph {
 public:
  virtual ~CudaGraph() = default;
  /// Records what `work` asks of the GPU, without doing it. Throws what `work`
  /// throws, and where something in it cannot be recorded.
  virtual void record(const std::function<void()>& work) = 0;
  virtual void replay() = 0;
};

struct CudaModule {
  void (*query)(CudaModuleInfo* info);
  /// Queues the data kernel on torch's current stream; the error, or null.
  const char* (*make_batch)(const CudaBatch* batch);
  CudaGraph* (*new_graph)();
  /// Recording is not possible on the default stream: work of this thread goes
  /// to another one from now on.
  void (*leave_default_stream)();
  int64_t (*free_bytes)();
  /// Queue the passes of norm_kernels.h on torch's current stream; the error,
  /// or null. With pooling where `pool` is not null.
  const char* (*norm_forward)(const CudaNormForward* pass,
                              const CudaPool* pool);
  const char* (*norm_backward)(const CudaNormBackward* pass,
                               const CudaPool* pool);
};

inline constexpr const char* kCudaModule = "ferbench_cuda_module";

}  // namespace fer
