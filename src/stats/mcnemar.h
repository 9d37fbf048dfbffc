// Do two models differ in how many of the same images they get right?
// McNemar (1947), exact, and its mid-p version (Fagerland, Lydersen, Laake
// 2013). Of n = only_a + only_b images on which one alone is right, X ~
// Bin(n, 1/2) belong to the worse model if they are equally good. With k =
// min(only_a, only_b):
//   exact_p = min(1, 2 P(X <= k))           never too small
//   mid_p   = 2 P(X < k) + P(X = k)         near its level; more powerful
// For only_a = only_b both are 1. (The paper puts mid_p = 1 - P(X = k) / 2
// there; twice the one-sided value, as R's exact2x2 has it, is 1.)
#pragma once

#include <cstdint>
#include <vector>

namespace fer {

struct McNemar {
  int64_t only_a = 0;  ///< images that a alone has right
  int64_t only_b = 0;
  double exact_p = 1;  ///< two-sided
  double mid_p = 1;    ///< two-sided
};

/// From the two counts; DataError for negative ones.
McNemar mcnemar(int64_t only_a, int64_t only_b);

/// Entry i of both is the same image (pairing.h). DataError for other lengths
/// or none. Images must be independent: twins count twice here, use the
/// group-aware paired bootstrap where there are any.
McNemar mcnemar(const std::vector<bool>& a_right,
                const std::vector<bool>& b_right);

}  // namespace fer
