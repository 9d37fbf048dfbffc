#include "data/mixup.h"

#include <cmath>

#include "core/philox.h"

namespace fer {
namespace {

// The logarithm of a number in (0, 1), to the power 1 / alpha.
double log_root(Philox& random, double alpha) {
  return std::log((random.next() + 0.5) * 0x1p-32) / alpha;
}

// Joehnk's method (Metrika 8, 1964): x = u^(1/alpha) and y = v^(1/alpha) are
// taken once x + y <= 1; then x / (x + y) is Beta(alpha, alpha). Logarithms,
// because powers of a small alpha are zero in double.
double larger_beta_share(Philox& random, double alpha) {
  for (;;) {
    const double x = log_root(random, alpha), y = log_root(random, alpha);
    if (std::exp(x) + std::exp(y) <= 1)
      return 1 / (1 + std::exp(-std::abs(x - y)));
  }
}

}  // namespace

MixPair mix_pair(double alpha, uint64_t seed, uint32_t epoch, uint32_t sample,
                 uint32_t n) {
  Philox random(seed, epoch, sample, Purpose::kMixup);
  const uint32_t partner = random.below(n);
  return {partner, static_cast<float>(larger_beta_share(random, alpha))};
}

}  // namespace fer
