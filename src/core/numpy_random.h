// numpy's legacy RandomState, draw for draw: what scikit-learn's
// `random_state=42` means. The stream is frozen (NEP 19). Only for results that
// must equal Python's; everything else uses core/philox.h.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace fer {

/// numpy.random.RandomState(seed).
class NumpyRandom {
 public:
  explicit NumpyRandom(uint32_t seed) : engine_(seed) {}

  uint32_t next32() { return static_cast<uint32_t>(engine_()); }
  uint64_t next64();  ///< the high word is drawn first

  /// [0, 1) with 53 bits.
  double random_sample();

  /// An integer in [0, max], by masked rejection; max = 0 draws nothing.
  uint64_t interval(uint64_t max);

  /// Fisher-Yates from the back, like RandomState.shuffle.
  template <class T>
  void shuffle(std::span<T> values) {
    for (size_t i = values.size(); i > 1; --i) {
      std::swap(values[i - 1], values[interval(i - 1)]);
    }
  }

  /// A permutation of [0, n).
  std::vector<int64_t> permutation(size_t n);

  /// `size` integers in [low, high), like randint with its default dtype
  /// (int64); Error when the range is empty.
  std::vector<int64_t> randint(int64_t low, int64_t high, size_t size);

  /// `size` positions in [0, n). Without replacement the whole permutation is
  /// drawn; Error when size > n.
  std::vector<int64_t> choice(size_t n, size_t size, bool replace);

  /// `size` positions with the probabilities `p` (summing to 1).
  std::vector<int64_t> choice(size_t size, std::span<const double> p);

 private:
  std::mt19937 engine_;
};

}  // namespace fer
