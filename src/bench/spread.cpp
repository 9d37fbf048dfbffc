#include "bench/spread.h"

#include <algorithm>
#include <chrono>

#include "core/error.h"
#include "stats/bca.h"
#include "train/interrupt.h"

namespace fer {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double timed(const std::function<void()>& work) {
  if (InterruptGuard::requested())
    fail<Interrupted>("[bench] interrupted; nothing was written.");
  const auto start = Clock::now();
  work();
  return seconds_since(start);
}

}  // namespace

std::vector<double> time_repeats(const std::function<void()>& work,
                                 const Repeats& repeats) {
  for (int i = 0; i < repeats.warm_up; ++i) timed(work);
  std::vector<double> seconds;
  const auto start = Clock::now();
  while (static_cast<int>(seconds.size()) < repeats.least ||
         seconds_since(start) < repeats.seconds) {
    seconds.push_back(timed(work));
  }
  std::ranges::sort(seconds);
  return seconds;
}

Spread spread_of(const std::vector<double>& rising) {
  return {sorted_quantile(rising, 0.25), sorted_quantile(rising, 0.5),
          sorted_quantile(rising, 0.75)};
}

Spread rates_of(const Spread& seconds, double images) {
  return {images / seconds.high, images / seconds.median, images / seconds.low};
}

}  // namespace fer
