// The values of a batch, one by one: what the data kernel and its twin on the
// CPU share.
#pragma once

#include "cuda/module.h"

namespace fer {

FER_HD inline BatchPlace place_of(const CudaBatch& batch) {
  return batch.moving ? *batch.moving : batch.place;
}

FER_HD inline AugmentPlan plan_of(const CudaBatch& batch, BatchPlace place,
                                  int64_t sample) {
  return plan(batch.augment, batch.seed, static_cast<uint32_t>(place.epoch),
              static_cast<uint32_t>(sample), batch.height, batch.width);
}

/// Value i of an image, in the order channel, row, column.
struct ValueAt {
  int channel, y, x;
};

FER_HD inline ValueAt value_at(const CudaBatch& batch, int i) {
  const int pixels = batch.height * batch.width;
  return {i / pixels, i % pixels / batch.width, i % batch.width};
}

/// Where the batch has it, from its image's first value on.
FER_HD inline int64_t written_at(const CudaBatch& batch, ValueAt at) {
  const int64_t pixel = static_cast<int64_t>(at.y) * batch.width + at.x;
  return batch.channels_last
             ? pixel * batch.channels + at.channel
             : static_cast<int64_t>(at.channel) * batch.height * batch.width +
                   pixel;
}

/// The value of a sample, in [0, 1]; `changes` counts where images change.
FER_HD inline float value_of(const CudaBatch& batch, int64_t sample,
                             const AugmentPlan& changes, ValueAt at) {
  const int64_t pixels = static_cast<int64_t>(batch.height) * batch.width;
  const uint8_t* plane =
      batch.images +
      (batch.rows[sample] * batch.channels + at.channel) * pixels;
  if (batch.augment.any)
    return pixel(changes, plane, batch.height, batch.width, at.x, at.y);
  return static_cast<float>(plane[at.y * batch.width + at.x]) / 255.0f;
}

}  // namespace fer
