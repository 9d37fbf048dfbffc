#include "callbacks/ema.h"

#include <gtest/gtest.h>

#include "callbacks/callback_list.h"
#include "callbacks/early_stopping.h"
#include "callbacks/model_checkpoint.h"
#include "resume_check.h"

namespace fer {
namespace {

TEST(Ema, AveragesAfterEachStep) {
  // First step copies 8; then 0.5 * 8 + 0.5 * 4 = 6; 0.5 * 6 + 0.5 * 2 = 4.
  Ema ema({.decay = 0.5});
  MockContext context;
  ema.on_train_begin(context);
  for (const double weights : {8.0, 4.0, 2.0}) {
    context.weights = weights;
    ema.on_step_end(context, {});
  }
  EXPECT_EQ(context.average, 4);
  EXPECT_EQ(context.weights, 2);
}

TEST(Ema, CountsTheMovesOfTheWeights) {
  Ema ema({.decay = 0.5});
  MockContext context;
  ema.on_train_begin(context);
  context.weights = 8;
  ema.on_step_end(context, {});
  context.weights = 4;
  ema.on_step_end(context, {.moves = 0});
  EXPECT_EQ(context.average, 8);
  ema.on_step_end(context, {.moves = 2});
  EXPECT_EQ(context.average, 5);  // 0.25 * 8 + 0.75 * 4
}

TEST(Ema, ValidatesTheAverageAndTrainsOnWithTheWeights) {
  Ema ema({.decay = 0.5});
  MockContext context;
  ema.on_train_begin(context);
  context.weights = 8;
  ema.on_step_end(context, {});
  context.weights = 4;
  ema.on_step_end(context, {});
  ema.on_validation_begin(context);
  EXPECT_EQ(context.weights, 6);
  ema.on_validation_end(context);
  ema.on_epoch_end(context, logs_of(1, 0.5));
  EXPECT_EQ(context.weights, 6);
  ema.on_epoch_close(context);
  EXPECT_EQ(context.weights, 4);
  EXPECT_EQ(context.average, 6);
}

/// Two epochs of one step each, weights 8 and 4, decay 0.5: averages 8 and 6.
void run_two_epochs(CallbackList& list, MockContext& context) {
  list.on_train_begin(context);
  for (int epoch = 1; epoch <= 2; ++epoch) {
    list.on_epoch_begin(context, epoch);
    context.weights = epoch == 1 ? 8 : 4;
    list.on_step_end(context, {1, 1, 0.5, 0.5});
    list.on_validation_begin(context);
    list.on_validation_end(context);
    list.on_epoch_end(context, logs_of(epoch, 1.0 / epoch));
  }
}

TEST(Ema, MakesTheSavedBestTheAveragedWeights) {
  CallbackList list;
  list.add(std::make_unique<Ema>(EmaConfig{.decay = 0.5}));
  list.add(std::make_unique<ModelCheckpoint>(ModelCheckpointConfig{}));
  MockContext context;
  run_two_epochs(list, context);
  EXPECT_EQ(context.saved["best"].weights, 6);
  EXPECT_EQ(context.saved["best"].average, 4);
  EXPECT_EQ(context.weights, 4);  // training would go on from here
}

TEST(Ema, LeavesTheAverageInPlaceWhenTrainingEnds) {
  CallbackList list;
  list.add(std::make_unique<Ema>(EmaConfig{.decay = 0.5}));
  MockContext context;
  run_two_epochs(list, context);
  list.on_train_end(context);
  EXPECT_EQ(context.weights, 6);
  // A finished run that goes on starts from the trained weights again.
  list.on_train_resume(context, 2);
  EXPECT_EQ(context.weights, 4);
  EXPECT_EQ(context.average, 6);
}

TEST(Ema, EndsWithTheAverageOfTheBestEpochUnderEarlyStopping) {
  CallbackList list;
  list.add(std::make_unique<Ema>(EmaConfig{.decay = 0.5}));
  list.add(std::make_unique<EarlyStopping>(EarlyStoppingConfig{
      .monitor = "val_accuracy", .patience = 5, .restore_best = true}));
  MockContext context;
  run_two_epochs(list, context);  // the accuracy falls: epoch 1 is best
  list.on_train_end(context);
  EXPECT_EQ(context.weights, 8);
}

TEST(Ema, PutsTheWeightsBackAfterAnExceptionInValidation) {
  Ema ema({.decay = 0.5});
  MockContext context;
  ema.on_train_begin(context);
  for (const double weights : {8.0, 4.0}) {
    context.weights = weights;
    ema.on_step_end(context, {});
  }
  ema.on_validation_begin(context);
  ema.on_exception(context);
  EXPECT_EQ(context.weights, 4);
  ema.on_exception(context);  // once is enough
  EXPECT_EQ(context.weights, 4);
}

TEST(Ema, NeverSwapsWithoutEvaluateNorBeforeTheFirstStep) {
  MockContext context;
  Ema no_average({});
  no_average.on_train_begin(context);
  no_average.on_validation_begin(context);
  no_average.on_train_end(context);
  Ema no_evaluate({.evaluate = false});
  no_evaluate.on_train_begin(context);
  no_evaluate.on_step_end(context, {});
  no_evaluate.on_validation_begin(context);
  no_evaluate.on_train_end(context);
  EXPECT_TRUE(context.events.empty());
}

TEST(Ema, ForgetsTheLastRunWhenANewOneBegins) {
  expect_reset_in_on_train_begin(
      [] { return std::make_unique<Ema>(EmaConfig{}); });
}

TEST(Ema, HasTheSameFutureFromEveryCut) {
  expect_same_future_from_every_cut(
      [] { return std::make_unique<Ema>(EmaConfig{}); });
}

TEST(Ema, RefusesABadState) {
  Ema ema({});
  const Json state = {{"started", 1}, {"swapped", false}};
  EXPECT_EQ(error_of<DataError>([&] { ema.load_state(state); }),
            "[ema] expected true or false as 'started' in the saved state; got "
            "1. The checkpoint is damaged or of another version: start a new "
            "run.");
}

}  // namespace
}  // namespace fer
