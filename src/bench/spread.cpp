#include "bench/spread.h"

#include "core/error.h"
#include "stats/bca.h"
#include "train/interrupt.h"

namespace fer {
std::vector<double> time_repeats(const std::function<void()>& work,
                                 const Repeats& repeats) {
  return timed_calls(
      [&] {
        if (InterruptGuard::requested())
          fail<Interrupted>("[bench] interrupted; nothing was written.");
        work();
      },
      repeats);
}

Spread spread_of(const std::vector<double>& rising) {
  return {sorted_quantile(rising, 0.25), sorted_quantile(rising, 0.5),
          sorted_quantile(rising, 0.75)};
}

Spread rates_of(const Spread& seconds, double images) {
  return {images / seconds.high, images / seconds.median, images / seconds.low};
}

}  // namespace fer
