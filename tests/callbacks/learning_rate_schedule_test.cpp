#include "callbacks/learning_rate_schedule.h"

#include <gtest/gtest.h>

#include "mock_context.h"

namespace fer {
namespace {

double rate(const ScheduleConfig& config, int epoch, int epochs = 10) {
  return scheduled_learning_rate(config, 0.8, epochs, epoch);
}

TEST(LearningRateSchedule, WarmsUpLinearlyToTheBase) {
  // W = 3: 1/4, 2/4, 3/4 of the base, then the base.
  const ScheduleConfig config{.warmup_epochs = 3};
  EXPECT_DOUBLE_EQ(rate(config, 1), 0.2);
  EXPECT_DOUBLE_EQ(rate(config, 2), 0.4);
  EXPECT_DOUBLE_EQ(rate(config, 3), 0.6);
  EXPECT_DOUBLE_EQ(rate(config, 4), 0.8);
  EXPECT_DOUBLE_EQ(rate(config, 10), 0.8);
}

TEST(LearningRateSchedule, FollowsHalfACosineDownToTheMinimum) {
  // Ten epochs: cos(pi / 2) = 0 at e = 5, half way between 0.8 and 0.2.
  const ScheduleConfig config{.name = ScheduleKind::kCosine, .minimum = 0.2};
  EXPECT_DOUBLE_EQ(rate(config, 1), 0.8);
  EXPECT_DOUBLE_EQ(rate(config, 6), 0.5);
  EXPECT_DOUBLE_EQ(rate(config, 11), 0.2);  // one past the end
  // e = 9: 0.2 + 0.3 * (1 + cos(0.9 pi)) = 0.2 + 0.3 * 0.0489434837
  EXPECT_NEAR(rate(config, 10), 0.21468304511, 1e-10);
}

TEST(LearningRateSchedule, StartsTheCosineAfterTheWarmUp) {
  // W = 2 of 10: e counts 8 epochs from epoch 3.
  const ScheduleConfig config{.name = ScheduleKind::kCosine,
                              .warmup_epochs = 2};
  EXPECT_DOUBLE_EQ(rate(config, 3), 0.8);
  EXPECT_DOUBLE_EQ(rate(config, 7), 0.4);
}

TEST(LearningRateSchedule, FallsInSteps) {
  const ScheduleConfig config{.name = ScheduleKind::kStep,
                              .warmup_epochs = 1,
                              .step_epochs = 3,
                              .step_factor = 0.5};
  const double expected[] = {0.4, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2};
  for (int epoch = 1; epoch <= 10; ++epoch)
    EXPECT_DOUBLE_EQ(rate(config, epoch), expected[epoch - 1]) << epoch;
}

TEST(LearningRateSchedule, MayWarmUpForTheWholeRun) {
  const ScheduleConfig config{.name = ScheduleKind::kCosine,
                              .warmup_epochs = 10};
  EXPECT_DOUBLE_EQ(rate(config, 10), 0.8 * 10 / 11);
}

TEST(LearningRateSchedule, SetsTheRateAtTheStartOfEachEpoch) {
  LearningRateSchedule schedule({.name = ScheduleKind::kCosine}, 0.8, 10);
  MockContext context;
  schedule.on_train_begin(context);
  schedule.on_epoch_begin(context, 6);
  EXPECT_DOUBLE_EQ(context.rate, 0.4);
}

TEST(LearningRateSchedule, LeavesAConstantRateToThePlateauAfterTheWarmUp) {
  LearningRateSchedule schedule({.warmup_epochs = 2}, 0.8, 10);
  MockContext context;
  schedule.on_epoch_begin(context, 3);
  EXPECT_EQ(context.rate, 0.8);
  context.rate = 0.1;  // ReduceLrOnPlateau
  schedule.on_epoch_begin(context, 4);
  EXPECT_EQ(context.rate, 0.1);
}

TEST(LearningRateSchedule, NeedsNoState) {
  EXPECT_TRUE(LearningRateSchedule({}, 1, 1).state().empty());
}

}  // namespace
}  // namespace fer
