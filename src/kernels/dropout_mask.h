// Which values dropout keeps: a function of key and place, so that it depends
// neither on threads nor on the processor.
#pragma once

#include <cstdint>

namespace fer {

/// keep[i] = 1 with probability 1 - rate, else 0, for i in [0, count): word i
/// of the Philox stream (key, epoch 0, sample 0, kDropoutPurpose) is at least
/// rate * 2^32. count < 2^34, rate in [0, 1); at rate 0 all are kept.
inline constexpr uint32_t kDropoutPurpose = 0xD0;
void dropout_mask(uint64_t key, double rate, int64_t count, uint8_t* keep);

}  // namespace fer
