// Batches of a split as tensors on a device.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "data/augment.h"
#include "data/image_set.h"

namespace fer {

struct Batch {
  torch::Tensor images;        ///< float `[n, C, H, W]` in [0, 1]
  torch::Tensor labels;        ///< int64 `[n]`
  torch::Tensor targets = {};  ///< soft labels, float `[n, K]`, or undefined

  /// What the loss compares with: the soft labels where there are some.
  const torch::Tensor& truth() const {
    return targets.defined() ? targets : labels;
  }
};

/// Rows of an image set in batches: in the split's order, or in the order and
/// with the changes of an epoch.
class Batches {
 public:
  Batches(const ImageSet& images, std::vector<int64_t> rows, int64_t batch_size,
          torch::Device device);

  /// Order and augmentation of a training epoch.
  void begin_epoch(uint64_t seed, uint32_t epoch,
                   const AugmentSettings& augment);

  int64_t count() const;  ///< batches; the last one may be smaller
  int64_t samples() const { return static_cast<int64_t>(rows_.size()); }
  Batch get(int64_t i) const;  ///< with targets where the images have some
  std::vector<int64_t> labels() const;

 private:
  torch::Tensor targets(std::span<const uint32_t> samples) const;

  ImageSet images_;
  std::vector<int64_t> rows_;
  std::vector<uint32_t> order_;
  int64_t batch_size_;
  torch::Device device_;
  AugmentSettings augment_{};
  uint64_t seed_ = 0;
  uint32_t epoch_ = 0;
};

}  // namespace fer
