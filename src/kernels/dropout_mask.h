// Which values dropout keeps: a function of key and place, so that it depends
// neither on threads nor on the processor.
#pragma once

#include <cmath>
#include <cstdint>

namespace fer {

inline constexpr uint32_t kDropoutPurpose = 0xD0;

/// rate * 2^32.
inline uint64_t dropout_threshold(double rate) {
  return static_cast<uint64_t>(std::llround(rate * 0x1p32));
}

/// What the values that dropout keeps are multiplied with.
inline float dropout_factor(double rate) {
  return static_cast<float>(1.0 / (1.0 - rate));
}

/// keep[i] = 1 with probability 1 - rate, else 0, for i in [0, count): word i
/// of the Philox stream (key, epoch 0, sample 0, kDropoutPurpose) is at least
/// dropout_threshold(rate). count < 2^34, rate in [0, 1); at rate 0 all are
/// kept.
void dropout_mask(uint64_t key, double rate, int64_t count, uint8_t* keep);

}  // namespace fer
