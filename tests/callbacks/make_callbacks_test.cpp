#include <gtest/gtest.h>

#include "callbacks/callback_list.h"
#include "mock_context.h"

namespace fer {
namespace {

std::vector<std::string> names(const CallbackList& list) {
  std::vector<std::string> found;
  const Json all = list.state();
  for (const auto& [name, state] : all.items()) found.push_back(name);
  return found;
}

TEST(MakeCallbacks, TakesTheDefaults) {
  // terminate_on_nan, model_checkpoint, history, tensorboard, progress; the
  // first and the last have no state.
  const CallbackList list = make_callbacks(Config{}, /*quiet=*/false);
  EXPECT_EQ(list.size(), 5u);
  EXPECT_EQ(names(list), (std::vector<std::string>{"model_checkpoint",
                                                   "history", "tensorboard"}));
  EXPECT_EQ(make_callbacks(Config{}, /*quiet=*/true).size(), 4u);
}

TEST(MakeCallbacks, LeavesOutWhatIsOff) {
  Config config;
  config.callbacks.model_checkpoint.reset();
  config.callbacks.tensorboard.reset();
  config.callbacks.terminate_on_nan = false;
  const CallbackList list = make_callbacks(config, true);
  EXPECT_EQ(list.size(), 1u);
  EXPECT_EQ(names(list), std::vector<std::string>{"history"});
}

TEST(MakeCallbacks, KeepsTheDocumentedOrder) {
  Config config;
  config.callbacks.early_stopping.emplace();
  config.callbacks.reduce_lr_on_plateau.emplace();
  config.callbacks.ema.emplace();
  config.schedule.warmup_epochs = 3;
  const CallbackList list = make_callbacks(config, false);
  EXPECT_EQ(list.size(), 9u);
  EXPECT_EQ(names(list), (std::vector<std::string>{
                             "ema", "model_checkpoint", "reduce_lr_on_plateau",
                             "early_stopping", "history", "tensorboard"}));
}

TEST(MakeCallbacks, AddsAScheduleOnlyWhereThereIsOne) {
  Config config;
  config.optimizer.learning_rate = 0.8;
  config.train.epochs = 10;
  MockContext context;
  make_callbacks(config, true).on_epoch_begin(context, 6);
  EXPECT_EQ(context.rate_sets, 0);
  config.schedule.name = ScheduleKind::kCosine;
  make_callbacks(config, true).on_epoch_begin(context, 6);
  EXPECT_DOUBLE_EQ(context.rate, 0.4);
}

TEST(MakeCallbacks, RefusesAScheduleThatUndoesThePlateau) {
  Config config;
  config.schedule.name = ScheduleKind::kCosine;
  config.callbacks.reduce_lr_on_plateau.emplace();
  EXPECT_EQ(error_of<ConfigError>([&] { make_callbacks(config, true); }),
            "[schedule.name] expected constant beside "
            "callbacks.reduce_lr_on_plateau; got cosine, which sets the "
            "learning rate anew every epoch and would undo each fall. Remove "
            "one of the two.");
}

TEST(MakeCallbacks, StopsAtTheReportsDirection) {
  Config config;
  config.callbacks.model_checkpoint->monitor = "val_accuracy";
  config.callbacks.model_checkpoint->mode = Direction::kMin;
  EXPECT_THROW(make_callbacks(config, true), ConfigError);
  config.callbacks.model_checkpoint->allow_wrong_direction = true;
  EXPECT_NO_THROW(make_callbacks(config, true));
}

}  // namespace
}  // namespace fer
