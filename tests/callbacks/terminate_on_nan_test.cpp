#include "callbacks/terminate_on_nan.h"

#include <gtest/gtest.h>

#include "mock_context.h"

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(TerminateOnNan, StopsInsideTheEpochAtTheFirstNan) {
  TerminateOnNan callback;
  MockContext context;
  callback.on_train_begin(context);
  callback.on_epoch_begin(context, 2);
  callback.on_step_end(context, {6, 100, 0.5, 0.5});
  EXPECT_FALSE(context.stop_requested());
  callback.on_step_end(context, {7, 100, kNan, 0.5});
  EXPECT_EQ(context.stop_reason(),
            "terminate_on_nan: the training loss is nan at step 7 of epoch 2. "
            "Lower optimizer.learning_rate or set train.clip_norm");
}

TEST(TerminateOnNan, StopsAtInfinityToo) {
  TerminateOnNan callback;
  for (const double loss : {kInfinity, -kInfinity}) {
    MockContext context;
    callback.on_step_end(context, {1, 1, loss, 0.5});
    EXPECT_TRUE(context.stop_requested());
  }
}

TEST(TerminateOnNan, LooksAtBothLossesAtTheEndOfTheEpoch) {
  TerminateOnNan callback;
  MockContext train, val, neither;
  EpochLogs logs = logs_of(3, 0.5);
  callback.on_epoch_end(neither, logs);
  EXPECT_FALSE(neither.stop_requested());
  logs.val_loss = kInfinity;
  callback.on_epoch_end(val, logs);
  EXPECT_EQ(val.stop_reason(),
            "terminate_on_nan: val_loss is inf after epoch 3. Lower "
            "optimizer.learning_rate or set train.clip_norm");
  logs.train_loss = kNan;
  callback.on_epoch_end(train, logs);
  EXPECT_EQ(train.stop_reason(),
            "terminate_on_nan: train_loss is nan after epoch 3. Lower "
            "optimizer.learning_rate or set train.clip_norm");
}

TEST(TerminateOnNan, HasNoState) {
  EXPECT_TRUE(TerminateOnNan().state().empty());
}

}  // namespace
}  // namespace fer
