#include "core/numpy_random.h"

#include <algorithm>
#include <numeric>

#include "core/error.h"

namespace fer {
namespace {

// The smallest 2^k - 1 that is not below max.
uint64_t mask_for(uint64_t max) {
  for (int shift = 1; shift <= 32; shift *= 2) max |= max >> shift;
  return max;
}

}  // namespace

uint64_t NumpyRandom::next64() {
  const uint64_t high = next32();
  const uint64_t low = next32();
  return high << 32 | low;
}

double NumpyRandom::random_sample() {
  const uint32_t a = next32() >> 5;
  const uint32_t b = next32() >> 6;
  return (a * 67108864.0 + b) / 9007199254740992.0;
}

uint64_t NumpyRandom::interval(uint64_t max) {
  if (max == 0) return 0;
  const uint64_t mask = mask_for(max);
  const bool narrow = max <= 0xFFFFFFFFu;
  uint64_t value;
  do {
    value = (narrow ? next32() : next64()) & mask;
  } while (value > max);
  return value;
}

std::vector<int64_t> NumpyRandom::permutation(size_t n) {
  std::vector<int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  shuffle(std::span(order));
  return order;
}

std::vector<int64_t> NumpyRandom::randint(int64_t low, int64_t high,
                                          size_t size) {
  if (low >= high) {
    fail("[random] expected low < high; got {} and {}. Widen the range.", low,
         high);
  }
  // Modulo 2^64, so that the full int64 range does not overflow.
  const uint64_t range =
      static_cast<uint64_t>(high) - static_cast<uint64_t>(low) - 1;
  std::vector<int64_t> values(size);
  for (int64_t& value : values) {
    value = static_cast<int64_t>(static_cast<uint64_t>(low) + interval(range));
  }
  return values;
}

std::vector<int64_t> NumpyRandom::choice(size_t n, size_t size, bool replace) {
  if (replace) return randint(0, static_cast<int64_t>(n), size);
  if (size > n) {
    fail(
        "[random] expected a sample of at most {} without replacement; got "
        "{}. Draw with replacement.",
        n, size);
  }
  std::vector<int64_t> order = permutation(n);
  order.resize(size);
  return order;
}

std::vector<int64_t> NumpyRandom::choice(size_t size,
                                         std::span<const double> p) {
  if (p.empty()) fail("[random] expected probabilities; got none.");
  std::vector<double> cdf(p.size());
  std::partial_sum(p.begin(), p.end(), cdf.begin());
  const double total = cdf.back();
  for (double& value : cdf) value /= total;
  std::vector<int64_t> values(size);
  for (int64_t& value : values) {
    value =
        std::upper_bound(cdf.begin(), cdf.end(), random_sample()) - cdf.begin();
  }
  return values;
}

}  // namespace fer
