// How much memory a process has held at most.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace fer {

/// Bytes: the high-water mark of the process's resident set, weights, images
/// and libraries included.
int64_t peak_resident_bytes();

/// Bytes: the most that tensors held on a GPU; 0 for a CPU.
int64_t peak_gpu_bytes(const torch::Device& device);

}  // namespace fer
