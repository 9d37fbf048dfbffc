// What libferbench_cuda.so offers to the program: a table of functions, found
// by one name.
#pragma once

#include <cstdint>
#include <functional>

#include "data/augment_math.h"

namespace fer {

struct CudaModuleInfo {
  int devices = 0;
  int runtime_version = 0;  ///< 13000 for CUDA 13.0
  char device_name[256] = "";
  char error[256] = "";
};

/// A batch to be made on the GPU; all pointers are its own. Image i of the
/// batch is images[rows[order[i]]], changed by the plan of (seed, epoch,
/// order[i]): what fill_batch() (data/batch.h) writes, to the bit.
struct CudaBatch {
  const uint8_t* images = nullptr;  ///< `[N, C, H, W]`
  const int64_t* rows = nullptr;    ///< images of a split
  const int32_t* order = nullptr;   ///< [n]: positions in rows
  int64_t n = 0;
  int channels = 1, height = 0, width = 0;
  AugmentSettings augment;
  uint64_t seed = 0;
  uint32_t epoch = 0;
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
};

inline constexpr const char* kCudaModule = "ferbench_cuda_module";

}  // namespace fer
