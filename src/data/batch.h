// Batches in the order and with the changes that (seed, epoch) prescribe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/augment.h"
#include "data/image_set.h"

namespace fer {

/// A permutation of [0, n): the order of the samples in an epoch. Depends on
/// nothing but the arguments.
std::vector<uint32_t> epoch_order(size_t n, uint64_t seed, uint32_t epoch);

/// Writes floats [n, C, H, W] in [0, 1] to `out`: image rows[samples[i]],
/// changed by the plan of (seed, epoch, samples[i]) when `augment.any`, then
/// mixed with its partner, changed in the same way, when `augment.mixup` > 0.
/// `samples` are positions in `rows`.
void fill_batch(const ImageSet& images, std::span<const int64_t> rows,
                std::span<const uint32_t> samples,
                const AugmentSettings& augment, uint64_t seed, uint32_t epoch,
                float* out);

}  // namespace fer
