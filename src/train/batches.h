// Batches of a split as tensors on a device.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/augment.h"
#include "data/image_set.h"
#include "data/mixup.h"
#include "data/patch_mask.h"
#include "train/device_images.h"

namespace fer {

struct Batch {
  torch::Tensor images;        ///< float `[n, C, H, W]` in [0, 1]
  torch::Tensor labels;        ///< int64 `[n]`
  torch::Tensor targets = {};  ///< soft labels, float `[n, K]`, or undefined
  /// Patches that an autoencoder sees, int64 `[n, visible]`, ascending; or
  /// undefined
  torch::Tensor visible = {};

  /// What the loss compares with: the soft labels where there are some.
  const torch::Tensor& truth() const {
    return targets.defined() ? targets : labels;
  }
};

/// Rows of an image set in batches: in the split's order, or in the order and
/// with the changes of an epoch.
class Batches {
 public:
  /// `resident`: the same images on the GPU, where batches are made there.
  Batches(const ImageSet& images, std::vector<int64_t> rows, int64_t batch_size,
          torch::Device device,
          std::shared_ptr<const DeviceImages> resident = nullptr);

  /// Order and augmentation of a training epoch.
  void begin_epoch(uint64_t seed, uint32_t epoch,
                   const AugmentSettings& augment);

  /// From now on batches say which patches are seen: others in each epoch, and
  /// the same at all times where no epoch begins (validation).
  void hide_patches(const PatchShare& share) { share_ = share; }

  int64_t count() const;  ///< batches; the last one may be smaller
  int64_t full() const { return samples() / batch_size_; }  ///< of whole size
  int64_t batch_size() const { return batch_size_; }
  int64_t samples() const { return static_cast<int64_t>(rows_.size()); }
  /// With targets where the images have some, or mixup makes them.
  Batch get(int64_t i) const;
  std::vector<int64_t> labels() const;

  /// Whether next() can be called: all of a batch is made on the device.
  bool feeds_itself() const { return resident_ && share_.patches == 0; }
  /// next() will be called for batches i to i + times - 1, all of whole size:
  /// at once, or recorded and replayed.
  void seek(int64_t i, int64_t times);
  /// The batch whose place is read, and moved on, on the device: recorded once,
  /// every replay is the next one.
  Batch next() const;

 private:
  /// An epoch on the GPU. Its tensors stay where they are from one epoch to
  /// the next: recorded steps read there.
  struct DeviceEpoch {
    DeviceOrder order;
    torch::Tensor labels;   // int64 [R], in the order
    torch::Tensor targets;  // float [R, K], or undefined
    torch::Tensor place;    // int64 [2]: BatchPlace of next()
    torch::Tensor offsets;  // int64 [batch_size]: 0, 1, ..
  };

  Batch host_batch(std::span<const uint32_t> samples) const;
  Batch device_batch(int64_t begin, int64_t n) const;
  DeviceChanges changes() const { return {augment_, seed_, epoch_}; }
  bool has_targets() const {
    return !images_.targets.empty() || augment_.mixup > 0;
  }
  void upload_epoch();
  void upload_pairs();
  MixPair pair_of(uint32_t sample) const;
  void add_target(uint32_t sample, float share, float* row) const;
  torch::Tensor row_labels(std::span<const uint32_t> samples) const;
  torch::Tensor targets(std::span<const uint32_t> samples) const;
  torch::Tensor visible(std::span<const uint32_t> samples) const;

  ImageSet images_;
  std::vector<int64_t> rows_;
  std::vector<uint32_t> order_;
  int64_t batch_size_;
  torch::Device device_;
  std::shared_ptr<const DeviceImages> resident_;
  DeviceEpoch on_device_;
  int64_t sought_ = -1;  // the batch that next() gives; -1: not said yet
  AugmentSettings augment_{};
  PatchShare share_;
  uint64_t seed_ = 0;
  uint32_t epoch_ = 0;
};

}  // namespace fer
