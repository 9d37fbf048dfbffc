#include "stats/holm.h"

#include <algorithm>
#include <numeric>

#include "core/error.h"

namespace fer {

std::vector<double> holm(std::span<const double> p) {
  for (size_t i = 0; i < p.size(); ++i) {
    if (p[i] >= 0 && p[i] <= 1) continue;
    fail<DataError>("[holm] expected p-values in [0, 1]; got {} (place {}).",
                    p[i], i);
  }
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    const auto factor = static_cast<double>(p.size() - i);
    largest = std::max(largest, std::min(1.0, factor * p[order[i]]));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

}  // namespace fer
