// The random words of kernels/dropout_mask.h, four at a time. For .cu files.
#pragma once

#include "core/philox.h"
#include "cuda/launch.h"
#include "kernels/dropout_mask.h"

namespace fer {

struct DropoutWords {
  uint32_t at[4];
};

/// Words 4 * counter ... of the stream of `key`.
__device__ inline DropoutWords dropout_words(uint64_t key, uint32_t counter) {
  Philox stream(key, 0, 0, static_cast<Purpose>(kDropoutPurpose));
  stream.seek(counter);
  return {{stream.next(), stream.next(), stream.next(), stream.next()}};
}

}  // namespace fer
