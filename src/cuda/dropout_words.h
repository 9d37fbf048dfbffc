// The random words of kernels/dropout_mask.h, four at a time. For .cu files.
#pragma once

#include "cuda/launch.h"
#include "kernels/dropout_mask.h"

namespace fer {

struct DropoutWords {
  uint32_t at[4];
};

/// Words 4 * counter ... of the stream of `key`: Philox4x32-10, as in
/// core/philox.h, from any place on.
__device__ inline DropoutWords dropout_words(uint64_t key, uint32_t counter) {
  uint32_t c0 = counter, c1 = 0, c2 = 0, c3 = kDropoutPurpose;
  auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
#pragma unroll
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = static_cast<uint64_t>(c0) * 0xD2511F53u;
    const uint64_t p1 = static_cast<uint64_t>(c2) * 0xCD9E8D57u;
    c0 = static_cast<uint32_t>(p1 >> 32) ^ c1 ^ k0;
    c1 = static_cast<uint32_t>(p1);
    c2 = static_cast<uint32_t>(p0 >> 32) ^ c3 ^ k1;
    c3 = static_cast<uint32_t>(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

}  // namespace fer
