// Mixup (Zhang et al., arXiv:1710.09412): training on weighted means of two
// images and of their labels.
#pragma once

#include <cstdint>

namespace fer {

/// What a sample is mixed with: share * itself + (1 - share) * partner.
struct MixPair {
  uint32_t partner = 0;
  float share = 1;  ///< in [0.5, 1]
};

/// The pair of a sample in an epoch: a function of the arguments. partner: any
/// of the n training samples, itself too. share: the larger of l and 1 - l with
/// l from Beta(alpha, alpha), alpha > 0; so a sample's own label stays the
/// likelier one, and training is the same, because a sample is as often the
/// partner as it is itself.
MixPair mix_pair(double alpha, uint64_t seed, uint32_t epoch, uint32_t sample,
                 uint32_t n);

}  // namespace fer
