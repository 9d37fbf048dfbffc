#include "callbacks/early_stopping.h"

#include <gtest/gtest.h>

#include "resume_check.h"

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Runs until the stop; the last epoch that ran.
int run(EarlyStopping& callback, MockContext& context,
        const std::vector<double>& values) {
  callback.on_train_begin(context);
  int epoch = 0;
  for (const double value : values) {
    context.weights = ++epoch;
    callback.on_epoch_end(context, logs_of(epoch, value));
    if (context.stop_requested()) break;
  }
  callback.on_train_end(context);
  return epoch;
}

int last_epoch(const EarlyStoppingConfig& config,
               const std::vector<double>& values) {
  EarlyStopping callback(config);
  MockContext context;
  return run(callback, context, values);
}

TEST(EarlyStopping, StopsAfterPatienceEpochs) {
  // Best at 2; wait is 1, 2, 3 at epochs 3, 4, 5.
  EarlyStopping callback({.patience = 3});
  MockContext context;
  EXPECT_EQ(run(callback, context, {0.5, 0.25, 0.3, 0.4, 0.5, 0.1}), 5);
  EXPECT_EQ(context.stop_reason(),
            "early_stopping: val_loss did not improve for 3 epochs (best 0.25 "
            "at epoch 2)");
}

TEST(EarlyStopping, NeverStopsInTheFirstEpoch) {
  // Patience 0 stops at the first epoch without improvement.
  EXPECT_EQ(last_epoch({.patience = 0}, {0.5, 0.5, 0.5}), 2);
}

TEST(EarlyStopping, CountsAChangeBelowMinDeltaAsNone) {
  // 1, 7/8, 6/8, 5/8: each is no more than 1/4 under 1 until 5/8.
  const std::vector<double> values = {1, 0.875, 0.75, 0.625, 0.625, 0.625};
  EXPECT_EQ(last_epoch({.min_delta = 0.25, .patience = 2}, values), 3);
  EXPECT_EQ(last_epoch({.min_delta = 0.25, .patience = 3}, values), 6);
}

TEST(EarlyStopping, ClearsWaitOnlyWhenTheBaselineIsBeatenToo) {
  // Improves each epoch, but never on 0.25: wait is 1, 2, 3 and epoch 4, the
  // first without improvement, stops.
  EarlyStoppingConfig config{.patience = 3, .baseline = 0.25};
  EXPECT_EQ(last_epoch(config, {0.5, 0.4, 0.3, 0.3, 0.1}), 4);
  EXPECT_EQ(last_epoch(config, {0.5, 0.4, 0.2, 0.3, 0.1}), 5);
}

TEST(EarlyStopping, WatchesNothingBeforeStartFromEpoch) {
  // Epochs 1-3 are not seen; best at 4, stop at 5.
  EarlyStoppingConfig config{.patience = 1, .start_from_epoch = 3};
  EXPECT_EQ(last_epoch(config, {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}), 5);
}

TEST(EarlyStopping, GoesBackToTheBestWeightsAfterAStop) {
  EarlyStopping callback({.patience = 2, .restore_best = true});
  MockContext context;
  EXPECT_EQ(run(callback, context, {0.5, 0.25, 0.3, 0.4}), 4);
  EXPECT_EQ(context.weights, 2);
  EXPECT_EQ(context.saved["early_stopping"].note.dump(),
            R"({"epoch":2,"monitor":"val_loss","value":0.25})");
  EXPECT_EQ(context.said,
            std::vector<std::string>{
                "early_stopping: back to the weights of epoch 2"});
}

TEST(EarlyStopping, GoesBackAlsoWhenTheRunWasNotStopped) {
  EarlyStopping callback({.patience = 9, .restore_best = true});
  MockContext context;
  run(callback, context, {0.5, 0.25, 0.3, 0.4});
  EXPECT_FALSE(context.stop_requested());
  EXPECT_EQ(context.weights, 2);
}

TEST(EarlyStopping, LeavesTheLastWeightsUnlessAskedToRestore) {
  EarlyStopping callback({.patience = 2});
  MockContext context;
  run(callback, context, {0.5, 0.25, 0.3, 0.4});
  EXPECT_EQ(context.weights, 4);
  EXPECT_TRUE(context.saves.empty());
}

TEST(EarlyStopping, RestoresNothingWhenNoEpochWasWatched) {
  EarlyStopping callback({.restore_best = true, .start_from_epoch = 5});
  MockContext context;
  run(callback, context, {0.5, 0.25});
  EXPECT_EQ(context.weights, 2);
  EXPECT_TRUE(context.events.empty());
}

TEST(EarlyStopping, FindsNothingBetterThanANanOfTheFirstEpochAsKeras) {
  EXPECT_EQ(last_epoch({.patience = 2}, {kNan, 0.5, 0.25, 0.1}), 3);
}

TEST(EarlyStopping, ForgetsTheLastRunWhenANewOneBegins) {
  expect_reset_in_on_train_begin([] {
    return std::make_unique<EarlyStopping>(
        EarlyStoppingConfig{.patience = 3, .restore_best = true});
  });
}

TEST(EarlyStopping, HasTheSameFutureFromEveryCut) {
  for (const int patience : {0, 2, 5}) {
    expect_same_future_from_every_cut([=] {
      return std::make_unique<EarlyStopping>(EarlyStoppingConfig{
          .patience = patience, .restore_best = true, .baseline = 0.9});
    });
  }
}

TEST(EarlyStopping, RefusesABadState) {
  EarlyStopping callback({});
  const Json state = {{"best", 0.5}, {"best_epoch", 1}, {"wait", "two"}};
  EXPECT_EQ(error_of<DataError>([&] { callback.load_state(state); }),
            "[early_stopping] expected a count as 'wait' in the saved state; "
            "got \"two\". The checkpoint is damaged or of another version: "
            "start a new run.");
}

}  // namespace
}  // namespace fer
