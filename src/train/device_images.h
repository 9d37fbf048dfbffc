// The images of an experiment in a GPU's memory, as bytes; batches are made
// there by one kernel.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "cuda/module.h"
#include "data/augment.h"
#include "data/image_set.h"

namespace fer {

/// Which images, in which order; all on the device.
struct DeviceOrder {
  torch::Tensor rows;      ///< int64 [R]: the split
  torch::Tensor order;     ///< int32 [R]: positions in rows
  torch::Tensor partners;  ///< int32 [R], with mixup: the same of the other
  torch::Tensor shares;    ///< float [R]: image, and the image's own share
};

/// What an epoch makes of them.
struct DeviceChanges {
  AugmentSettings augment{};
  uint64_t seed = 0;
  uint32_t epoch = 0;
};

class DeviceImages {
 public:
  /// Null on a CPU, and where the images would take more than half of the GPU
  /// memory that is free: then batches are made by the CPU and sent from
  /// page-locked memory while the GPU works on the one before.
  /// channels_last: the order of the batches in memory.
  static std::shared_ptr<const DeviceImages> place(const ImageSet& images,
                                                   const torch::Device& device,
                                                   bool channels_last);

  /// CudaModule::make_batch; tests run the kernel on the CPU.
  using MakeBatch = const char* (*)(const CudaBatch*);

  /// On `device`, whatever it has free.
  DeviceImages(const ImageSet& images, const torch::Device& device,
               bool channels_last, MakeBatch make_batch);

  /// What fill_batch() writes for n places of the order from `first` on, on the
  /// device: float `[n, C, H, W]` in [0, 1].
  torch::Tensor batch(const DeviceOrder& order, const DeviceChanges& changes,
                      int64_t first, int64_t n) const;

  /// The same where the first place and the epoch are read on the device when
  /// the batch is made: int64 [2], as BatchPlace.
  torch::Tensor batch_at(const DeviceOrder& order, const DeviceChanges& changes,
                         const torch::Tensor& place, int64_t n) const;

 private:
  torch::Tensor make(CudaBatch batch, const DeviceOrder& order,
                     const DeviceChanges& changes) const;

  torch::Tensor bytes_;  // uint8 [N, C, H, W]
  bool channels_last_;
  MakeBatch make_batch_;
};

/// One line for the log: where batches are made.
std::string describe_data(const DeviceImages* resident, const ImageSet& images);

}  // namespace fer
