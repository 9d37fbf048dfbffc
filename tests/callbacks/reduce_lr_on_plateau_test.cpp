#include "callbacks/reduce_lr_on_plateau.h"

#include <gtest/gtest.h>

#include "resume_check.h"

namespace fer {
namespace {

/// The rate after each epoch.
std::vector<double> rates(const ReduceLrOnPlateauConfig& config,
                          const std::vector<double>& values,
                          double rate = 1e-3) {
  ReduceLrOnPlateau callback(config);
  MockContext context;
  context.rate = rate;
  callback.on_train_begin(context);
  std::vector<double> after;
  for (const double value : values) {
    const int epoch = static_cast<int>(after.size()) + 1;
    callback.on_epoch_end(context, logs_of(epoch, value));
    after.push_back(context.rate);
  }
  return after;
}

TEST(ReduceLrOnPlateau, HalvesAfterPatienceFlatEpochsAndAgain) {
  // Best at 1; wait is 1, 2 at epochs 2, 3: fall; 1, 2 at 4, 5: fall.
  EXPECT_EQ(rates({.factor = 0.5, .patience = 2}, {1, 1, 1, 1, 1, 1}),
            (std::vector<double>{1e-3, 1e-3, 5e-4, 5e-4, 2.5e-4, 2.5e-4}));
}

TEST(ReduceLrOnPlateau, CountsAChangeBelowMinDeltaAsNone) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 2, .min_delta = 0.25},
                  {1, 0.875, 0.75, 0.5}),
            (std::vector<double>{1e-3, 1e-3, 5e-4, 5e-4}));
}

TEST(ReduceLrOnPlateau, CountsNothingDuringTheCooldown) {
  // Fall at 2 (patience 1). Cooldown 2: at 3 it is 1, not counted; at 4 it is
  // 0 and wait is 1: fall.
  EXPECT_EQ(
      rates({.factor = 0.5, .patience = 1, .cooldown = 2}, {1, 1, 1, 1, 1, 1}),
      (std::vector<double>{1e-3, 5e-4, 5e-4, 2.5e-4, 2.5e-4, 1.25e-4}));
}

TEST(ReduceLrOnPlateau, NeverGoesBelowMinLr) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 1, .min_lr = 4e-4}, {1, 1, 1, 1}),
            (std::vector<double>{1e-3, 5e-4, 4e-4, 4e-4}));
}

TEST(ReduceLrOnPlateau, RoundsToFloat32AsKeras) {
  // float32(1e-3) is 0.00100000004749745; a tenth of it rounds to
  // 1.00000005e-4, the float32 above 1e-4: there is one more fall. Half of it
  // is float32(5e-4) itself, and there is none.
  EXPECT_EQ(rates({.factor = 0.1, .patience = 1, .min_lr = 1e-4}, {1, 1, 1, 1}),
            (std::vector<double>{1e-3, 1.00000005e-4, 1e-4, 1e-4}));
  EXPECT_EQ(rates({.factor = 0.5, .patience = 1, .min_lr = 5e-4}, {1, 1, 1}),
            (std::vector<double>{1e-3, 5e-4, 5e-4}));
}

TEST(ReduceLrOnPlateau, SaysWhatItDid) {
  ReduceLrOnPlateau callback({.factor = 0.5, .patience = 2});
  MockContext context;
  callback.on_train_begin(context);
  for (int epoch = 1; epoch <= 3; ++epoch)
    callback.on_epoch_end(context, logs_of(epoch, 1));
  EXPECT_EQ(context.said,
            std::vector<std::string>{"Epoch 3: val_loss did not improve for 2 "
                                     "epochs, learning rate 0.001 -> 0.0005"});
}

TEST(ReduceLrOnPlateau, ForgetsTheLastRunWhenANewOneBegins) {
  expect_reset_in_on_train_begin([] {
    return std::make_unique<ReduceLrOnPlateau>(
        ReduceLrOnPlateauConfig{.patience = 2, .cooldown = 3});
  });
}

TEST(ReduceLrOnPlateau, HasTheSameFutureFromEveryCut) {
  for (const int cooldown : {0, 1, 3}) {
    expect_same_future_from_every_cut([=] {
      return std::make_unique<ReduceLrOnPlateau>(ReduceLrOnPlateauConfig{
          .factor = 0.5, .patience = 2, .cooldown = cooldown});
    });
  }
}

TEST(ReduceLrOnPlateau, RefusesABadState) {
  ReduceLrOnPlateau callback({});
  const Json state = {{"best", 0.5}, {"wait", 1}};
  EXPECT_EQ(error_of<DataError>([&] { callback.load_state(state); }),
            "[reduce_lr_on_plateau] expected 'cooldown' in the saved state; "
            "got none. The checkpoint is damaged or of another version: start "
            "a new run.");
}

}  // namespace
}  // namespace fer
