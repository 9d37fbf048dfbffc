#include "stats/mcnemar.h"

#include <algorithm>

#include "core/error.h"
#include "stats/distributions.h"

namespace fer {

McNemar mcnemar(int64_t only_a, int64_t only_b) {
  if (only_a < 0 || only_b < 0) {
    fail<DataError>("[mcnemar] expected counts of 0 or more; got {} and {}.",
                    only_a, only_b);
  }
  McNemar test{only_a, only_b};
  if (only_a == only_b) return test;
  const int64_t n = only_a + only_b, k = std::min(only_a, only_b);
  const double tail = 2 * binomial_cdf(k, n, 0.5);
  test.exact_p = std::min(1.0, tail);
  test.mid_p = std::clamp(tail - binomial_pmf(k, n, 0.5), 0.0, 1.0);
  return test;
}

McNemar mcnemar(const std::vector<bool>& a_right,
                const std::vector<bool>& b_right) {
  if (a_right.size() != b_right.size()) {
    fail<DataError>(
        "[mcnemar] expected the same images for both models; got {} and {} "
        "rows. Match them first.",
        a_right.size(), b_right.size());
  }
  if (a_right.empty()) {
    fail<DataError>(
        "[mcnemar] expected at least one image; got none. Is the split empty?");
  }
  int64_t only_a = 0, only_b = 0;
  for (size_t i = 0; i < a_right.size(); ++i) {
    only_a += a_right[i] && !b_right[i];
    only_b += b_right[i] && !a_right[i];
  }
  return mcnemar(only_a, only_b);
}

}  // namespace fer
