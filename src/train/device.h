// Where and how tensors are computed: device, threads, determinism, bf16.
#pragma once

#include <torch/types.h>

#include <string>

#include "config/sections.h"

namespace fer {

/// auto: the GPU if there is one. cuda without a GPU is an error that says why.
torch::Device choose_device(DeviceKind kind);

/// Threads, deterministic kernels and memory reuse for a training process.
void prepare_process(const TrainConfig& config);

/// "2 threads", "NVIDIA H200".
std::string describe_device(const torch::Device& device);

/// Until a GPU has done what it was asked for; a CPU always has.
void wait_for(const torch::Device& device);

/// Runs convolutions and matrix products in bfloat16 during its life, when
/// asked to.
class Autocast {
 public:
  Autocast(const torch::Device& device, Precision precision);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  torch::DeviceType device_;
  bool on_;
  bool before_ = false;
  torch::ScalarType dtype_before_ = torch::kFloat;
};

}  // namespace fer
