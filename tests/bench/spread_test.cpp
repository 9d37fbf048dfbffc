#include "bench/spread.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>

#include "core/error.h"
#include "train/interrupt.h"

namespace fer {
namespace {

TEST(TimeRepeats, CountsNoWarmUpAndTheLeastEvenWithoutTime) {
  int calls = 0;
  const auto seconds =
      time_repeats([&] { ++calls; }, {.warm_up = 2, .least = 5, .seconds = 0});
  EXPECT_EQ(calls, 7);
  EXPECT_EQ(seconds.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(seconds));
}

TEST(TimeRepeats, GoesOnUntilTheTimeIsUp) {
  const auto seconds =
      time_repeats([] {}, {.warm_up = 0, .least = 1, .seconds = 0.01});
  EXPECT_GT(seconds.size(), 100u);
}

TEST(TimeRepeats, EndsAfterCtrlC) {
  const InterruptGuard guard;
  int calls = 0;
  const auto work = [&] {
    if (++calls == 4) std::raise(SIGINT);
  };
  try {
    time_repeats(work, {.warm_up = 1, .least = 100, .seconds = 0});
    ADD_FAILURE() << "went on";
  } catch (const Interrupted& stopped) {
    EXPECT_STREQ(stopped.what(), "[bench] interrupted; nothing was written.");
  }
  EXPECT_EQ(calls, 4);
}

TEST(Spread, IsMedianAndQuartiles) {
  // numpy.quantile([1, 2, 4, 8], [.25, .5, .75]) = 1.75, 3, 5
  const Spread spread = spread_of({1, 2, 4, 8});
  EXPECT_DOUBLE_EQ(spread.low, 1.75);
  EXPECT_DOUBLE_EQ(spread.median, 3);
  EXPECT_DOUBLE_EQ(spread.high, 5);
  // 60 images: the slow calls give the low rates.
  const Spread rates = rates_of(spread, 60);
  EXPECT_DOUBLE_EQ(rates.low, 12);
  EXPECT_DOUBLE_EQ(rates.median, 20);
  EXPECT_DOUBLE_EQ(rates.high, 60 / 1.75);
}

}  // namespace
}  // namespace fer
