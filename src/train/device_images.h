// The images of an experiment in a GPU's memory, as bytes; batches are made
// there by one kernel.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "data/augment.h"
#include "data/image_set.h"

namespace fer {

class DeviceImages {
 public:
  /// Null on a CPU, and where the images would take more than half of the GPU
  /// memory that is free: then batches are made by the CPU and sent from
  /// page-locked memory while the GPU works on the one before.
  /// channels_last: the order of the batches in memory.
  static std::shared_ptr<const DeviceImages> place(const ImageSet& images,
                                                   const torch::Device& device,
                                                   bool channels_last);

  /// What fill_batch() writes, on the device: float `[n, C, H, W]` in [0, 1].
  /// `rows` int64: the split; `order` int32 [n]: positions in it; both on the
  /// device.
  torch::Tensor batch(const torch::Tensor& rows, const torch::Tensor& order,
                      const AugmentSettings& augment, uint64_t seed,
                      uint32_t epoch) const;

 private:
  DeviceImages(torch::Tensor bytes, bool channels_last)
      : bytes_(std::move(bytes)), channels_last_(channels_last) {}

  torch::Tensor bytes_;  // uint8 [N, C, H, W]
  bool channels_last_;
};

/// One line for the log: where batches are made.
std::string describe_data(const DeviceImages* resident, const ImageSet& images);

}  // namespace fer
