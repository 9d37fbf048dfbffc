#include "callbacks/model_checkpoint.h"

#include <gtest/gtest.h>

#include "resume_check.h"

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void run(ModelCheckpoint& callback, MockContext& context,
         const std::vector<double>& values) {
  callback.on_train_begin(context);
  for (size_t i = 0; i < values.size(); ++i) {
    context.weights = static_cast<double>(i) + 1;
    callback.on_epoch_end(context, logs_of(static_cast<int>(i) + 1, values[i]));
  }
}

TEST(ModelCheckpoint, SavesTheEpochsThatImproveAndSaysSo) {
  ModelCheckpoint callback({});
  MockContext context;
  run(callback, context, {0.41, 0.5, 0.39});
  EXPECT_EQ(context.saves, (std::vector<std::string>{"best", "best"}));
  EXPECT_EQ(context.saved["best"].weights, 3);
  EXPECT_EQ(context.said,
            (std::vector<std::string>{
                "Epoch 1: val_loss improved from None to 0.41000, saving "
                "checkpoints/best",
                "Epoch 2: val_loss did not improve from 0.41000",
                "Epoch 3: val_loss improved from 0.41000 to 0.39000, saving "
                "checkpoints/best"}));
}

TEST(ModelCheckpoint, NotesEpochMonitorAndValue) {
  ModelCheckpoint callback({.monitor = "val_accuracy"});
  MockContext context;
  run(callback, context, {0.5, 0.75, 0.625});
  EXPECT_EQ(context.saved["best"].note.dump(),
            R"({"epoch":2,"monitor":"val_accuracy","value":0.75})");
}

TEST(ModelCheckpoint, KeepsEveryEpochWhenAskedTo) {
  ModelCheckpoint callback({.save_best_only = false});
  MockContext context;
  run(callback, context, {0.5, kNan, 0.75});
  EXPECT_EQ(context.saves,
            (std::vector<std::string>{"epoch-0001", "best", "epoch-0002",
                                      "epoch-0003"}));
  EXPECT_EQ(context.said[0], "Epoch 1: saving checkpoints/epoch-0001");
  EXPECT_EQ(context.saved["epoch-0002"].note["value"], "nan");
  EXPECT_EQ(context.saved["epoch-0003"].weights, 3);
}

TEST(ModelCheckpoint, NeverTakesNanForTheBest) {
  ModelCheckpoint callback({});
  MockContext context;
  run(callback, context, {kNan, 0.5, kNan});
  EXPECT_EQ(context.saves, std::vector<std::string>{"best"});
  EXPECT_EQ(context.saved["best"].weights, 2);
  EXPECT_EQ(context.said[0], "Epoch 1: val_loss is NaN, the best stays None");
  EXPECT_EQ(context.said[2],
            "Epoch 3: val_loss is NaN, the best stays 0.50000");
}

TEST(ModelCheckpoint, KeepsTheWorstEpochWhenTheWrongDirectionIsAllowed) {
  // The report's bug, on purpose: mode min on an accuracy.
  ModelCheckpoint callback({.monitor = "val_accuracy",
                            .mode = Direction::kMin,
                            .allow_wrong_direction = true});
  MockContext context;
  run(callback, context, {0.75, 0.5, 0.875});
  EXPECT_EQ(context.saved["best"].weights, 2);
}

TEST(ModelCheckpoint, KeepsTheOldBestWhenSavingFails) {
  struct FullDisk : MockContext {
    void save_weights(const std::string&, const Json&) override {
      fail<DataError>("full");
    }
  } context;
  ModelCheckpoint callback({});
  callback.on_train_begin(context);
  EXPECT_THROW(callback.on_epoch_end(context, logs_of(1, 0.5)), DataError);
  EXPECT_TRUE(callback.state()["best"].is_null());
}

TEST(ModelCheckpoint, ForgetsTheLastRunWhenANewOneBegins) {
  expect_reset_in_on_train_begin([] {
    return std::make_unique<ModelCheckpoint>(ModelCheckpointConfig{});
  });
}

TEST(ModelCheckpoint, HasTheSameFutureFromEveryCut) {
  expect_same_future_from_every_cut([] {
    return std::make_unique<ModelCheckpoint>(
        ModelCheckpointConfig{.save_best_only = false});
  });
}

TEST(ModelCheckpoint, RefusesABadState) {
  ModelCheckpoint callback({});
  EXPECT_EQ(error_of<DataError>([&] { callback.load_state(Json::object()); }),
            "[model_checkpoint] expected 'best' in the saved state; got none. "
            "The checkpoint is damaged or of another version: start a new "
            "run.");
}

}  // namespace
}  // namespace fer
