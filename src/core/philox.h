// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011): random numbers as a function of (key, counter), with no state.
// Plain arithmetic, so that a CUDA kernel and the CPU agree to the bit.
#pragma once

#include <array>
#include <cstdint>

#ifdef __CUDACC__
#define FER_HD __host__ __device__
#else
#define FER_HD
#endif

namespace fer {

/// What a random number is for: part of its key, so that streams never overlap.
enum class Purpose : uint32_t {
  kShuffle = 1,
  kAugment = 2,
  kMixup = 3,
  kSynthetic = 4,
  kInit = 5,
  kBootstrap = 6,
  kMask = 7,
};

/// A stream of numbers named by (seed, epoch, sample, purpose).
class Philox {
 public:
  FER_HD Philox(uint64_t seed, uint32_t epoch, uint32_t sample, Purpose purpose)
      : key_{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)},
        counter_{0, epoch, sample, static_cast<uint32_t>(purpose)} {}

  /// Goes to word 4 * block of the stream.
  FER_HD void seek(uint32_t block) {
    counter_[0] = block;
    used_ = 4;
  }

  /// 32 random bits.
  FER_HD uint32_t next() {
    if (used_ == 4) {
      generate();
      used_ = 0;
    }
    return block_[used_++];
  }

  /// [0, 1) with 24 bits, exact in float.
  FER_HD float uniform() { return static_cast<float>(next() >> 8) * 0x1p-24f; }

  /// [low, high); rounding may reach `high` itself.
  FER_HD float uniform(float low, float high) {
    return low + (high - low) * uniform();
  }

  /// An integer in [0, n), n >= 1 (Lemire's multiply-shift; bias below 2^-32
  /// n).
  FER_HD uint32_t below(uint32_t n) {
    return static_cast<uint32_t>((static_cast<uint64_t>(next()) * n) >> 32);
  }

 private:
  FER_HD static uint32_t high(uint32_t a, uint32_t b) {
    return static_cast<uint32_t>((static_cast<uint64_t>(a) * b) >> 32);
  }

  FER_HD void generate() {
    uint32_t c0 = counter_[0], c1 = counter_[1], c2 = counter_[2],
             c3 = counter_[3];
    uint32_t k0 = key_[0], k1 = key_[1];
    for (int round = 0; round < 10; ++round) {
      const uint32_t h0 = high(0xD2511F53u, c0), l0 = 0xD2511F53u * c0;
      const uint32_t h1 = high(0xCD9E8D57u, c2), l1 = 0xCD9E8D57u * c2;
      c0 = h1 ^ c1 ^ k0;
      c1 = l1;
      c2 = h0 ^ c3 ^ k1;
      c3 = l0;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    block_[0] = c0;
    block_[1] = c1;
    block_[2] = c2;
    block_[3] = c3;
    ++counter_[0];
  }

  uint32_t key_[2];
  uint32_t counter_[4];
  uint32_t block_[4] = {};
  int used_ = 4;
};

}  // namespace fer
