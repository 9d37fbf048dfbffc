// Which patches of an image a masked autoencoder sees.
#pragma once

#include <cstdint>
#include <span>

namespace fer {

/// How many of an image's patches are seen; patches = 0: none is hidden.
struct PatchShare {
  int64_t patches = 0;
  int64_t visible = 0;
};

/// Fills `visible` with different patches of [0, patches) in ascending order,
/// each set of that size being equally likely (to 2^-32): a function of (seed,
/// epoch, sample) alone. patches >= visible.size().
void choose_patches(int64_t patches, uint64_t seed, uint32_t epoch,
                    uint32_t sample, std::span<int64_t> visible);

}  // namespace fer
