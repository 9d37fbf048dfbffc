#include "export/value_histogram.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace fer {

ValueHistogram::ValueHistogram(TensorRange seen)
    : seen_(seen), width_((seen.high - seen.low) / kBins), bins_(kBins, 0) {}

void ValueHistogram::add(std::span<const float> values) {
  if (width_ <= 0) return;
  for (const float value : values) {
    if (value == 0) continue;
    const auto bin = static_cast<int>((value - seen_.low) / width_);
    ++bins_[static_cast<size_t>(std::clamp(bin, 0, kBins - 1))];
  }
}

TensorRange ValueHistogram::without_tails(double share) const {
  const auto total = std::accumulate(bins_.begin(), bins_.end(), int64_t{0});
  const auto tail = static_cast<int64_t>(share * static_cast<double>(total));
  int first = 0, last = kBins - 1;
  for (int64_t left = tail; first < last; ++first)
    if ((left -= bins_[static_cast<size_t>(first)]) < 0) break;
  for (int64_t left = tail; last > first; --last)
    if ((left -= bins_[static_cast<size_t>(last)]) < 0) break;
  return {seen_.low + first * width_, seen_.low + (last + 1) * width_};
}

TensorRange ValueHistogram::least_error() const {
  TensorRange best = seen_;
  double least = std::numeric_limits<double>::infinity();
  // From the widest on: of equal ones the widest stays.
  for (int percent = 100; percent >= 30; percent -= 2) {
    const TensorRange range{std::min(seen_.low, 0.0) * percent / 100,
                            std::max(seen_.high, 0.0) * percent / 100};
    const double error = error_of(range);
    if (error < least) {
      least = error;
      best = range;
    }
  }
  return best;
}

double ValueHistogram::error_of(TensorRange range) const {
  const double step = (range.high - range.low) / 255;
  double error = 0;
  for (int bin = 0; bin < kBins; ++bin) {
    const auto count = static_cast<double>(bins_[static_cast<size_t>(bin)]);
    const double value = centre(bin);
    const double over = std::max({range.low - value, value - range.high, 0.0});
    error += count * (over > 0 ? over * over : step * step / 12);
  }
  return error;
}

}  // namespace fer
