#include "callbacks/monitor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mock_context.h"

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Monitor loss(double min_delta = 0) {
  return Monitor("test", "val_loss", Direction::kFromMetric, min_delta);
}

Monitor accuracy(double min_delta = 0) {
  return Monitor("test", "val_accuracy", Direction::kFromMetric, min_delta);
}

TEST(Monitor, TakesTheDirectionFromTheMetric) {
  EXPECT_EQ(loss().direction(), Direction::kMin);
  EXPECT_EQ(accuracy().direction(), Direction::kMax);
}

TEST(Monitor, IsStrict) {
  EXPECT_TRUE(loss().improves(0.4, 0.5));
  EXPECT_FALSE(loss().improves(0.5, 0.5));
  EXPECT_FALSE(loss().improves(0.6, 0.5));
  EXPECT_TRUE(accuracy().improves(0.6, 0.5));
  EXPECT_FALSE(accuracy().improves(0.5, 0.5));
  EXPECT_FALSE(accuracy().improves(0.4, 0.5));
}

TEST(Monitor, AsksForMoreThanMinDelta) {
  // Multiples of 1/8 are exact: a change of just min_delta is too small.
  EXPECT_FALSE(loss(0.125).improves(0.375, 0.5));
  EXPECT_TRUE(loss(0.125).improves(0.25, 0.5));
  EXPECT_FALSE(accuracy(0.125).improves(0.625, 0.5));
  EXPECT_TRUE(accuracy(0.125).improves(0.75, 0.5));
}

TEST(Monitor, TakesTheFirstValueWhateverItIs) {
  EXPECT_TRUE(loss().improves(1e9, std::nullopt));
  EXPECT_TRUE(loss().improves(kNan, std::nullopt));
}

TEST(Monitor, FindsNothingBetterThanNanNorNanBetter) {
  for (const Monitor& monitor : {loss(), accuracy()}) {
    EXPECT_FALSE(monitor.improves(kNan, 0.5));
    EXPECT_FALSE(monitor.improves(0.5, kNan));
  }
}

TEST(Monitor, ReadsItsColumn) {
  EpochLogs logs;
  logs.val_loss = 0.25;
  logs.val_accuracy = 0.75;
  EXPECT_EQ(loss().value(logs), 0.25);
  EXPECT_EQ(accuracy().value(logs), 0.75);
}

TEST(Monitor, StopsAtAMetricThatNobodyProduces) {
  const auto error = [](const char* metric) {
    return error_of<ConfigError>(
        [=] { Monitor("early_stopping", metric, Direction::kMin); });
  };
  const std::string end =
      " Metrics: train_loss, train_accuracy, val_loss, val_accuracy.";
  EXPECT_EQ(error("val_los"),
            "[callbacks.early_stopping.monitor] expected a metric with a "
            "better direction; got 'val_los'. Did you mean 'val_loss'?" +
                end);
  EXPECT_EQ(error("seconds"),
            "[callbacks.early_stopping.monitor] expected a metric with a "
            "better direction; got 'seconds'." +
                end);
}

TEST(Monitor, StopsAtADirectionAgainstTheMetric) {
  EXPECT_EQ(
      error_of<ConfigError>(
          [] { Monitor("model_checkpoint", "val_accuracy", Direction::kMin); }),
      "[callbacks.model_checkpoint.mode] expected max, because val_accuracy is "
      "better when larger; got min, which takes the worst epoch for the best. "
      "Remove mode, or set allow_wrong_direction: true to do it on purpose.");
  EXPECT_EQ(Monitor("model_checkpoint", "val_accuracy", Direction::kMin, 0,
                    /*allow_wrong_direction=*/true)
                .direction(),
            Direction::kMin);
}

}  // namespace
}  // namespace fer
