// Adam's clock of parameters that are frozen at first.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "train/optimizer.h"

namespace fer {
namespace {

// A parameter of one value, frozen for three steps beside one that is not, both
// with a gradient of 1. Adam's first step is the whole rate: m = (1 - b1) and
// v = (1 - b2) are divided by 1 - b1 and 1 - b2.
class LateClock : public testing::TestWithParam<AdamVariant> {
 protected:
  static OptimizerConfig rule() {
    OptimizerConfig config;
    config.variant = GetParam();
    config.learning_rate = 0.1;
    config.epsilon = 1e-12;
    return config;
  }
  struct Pair {
    torch::Tensor late = torch::zeros({1}, torch::kDouble).requires_grad_();
    torch::Tensor free = torch::zeros({1}, torch::kDouble).requires_grad_();
    Optimizer optimizer{rule(), {{"late", late}, {"free", free}}};

    void step(bool frozen) {
      late.set_requires_grad(!frozen);
      late.mutable_grad() = frozen ? torch::Tensor() : torch::ones_like(late);
      free.mutable_grad() = torch::ones_like(free);
      optimizer.step();
    }
  };
};

TEST_P(LateClock, StandsWhileFrozenSoThatTheFirstStepIsTheWholeRate) {
  Pair pair;
  for (int i = 0; i < 3; ++i) pair.step(/*frozen=*/true);
  EXPECT_EQ(pair.late.item<double>(), 0.0);
  EXPECT_EQ(pair.optimizer.late_clocks(), (Optimizer::Clocks{{"late", 0}}));
  pair.step(/*frozen=*/false);
  EXPECT_NEAR(pair.late.item<double>(), -0.1, 1e-9);
  EXPECT_NEAR(pair.free.item<double>(), -0.4, 1e-9);
  EXPECT_EQ(pair.optimizer.late_clocks(), (Optimizer::Clocks{{"late", 1}}));
}

TEST_P(LateClock, GoesOnToTheBitFromASavedState) {
  for (int saved = 1; saved < 8; ++saved) {
    Pair whole, before, after;
    for (int i = 0; i < 8; ++i) whole.step(i < 4);
    for (int i = 0; i < saved; ++i) before.step(i < 4);
    {
      const torch::NoGradGuard guard;
      after.late.copy_(before.late);
      after.free.copy_(before.free);
    }
    after.optimizer.load_state(before.optimizer.state(),
                               before.optimizer.steps(),
                               before.optimizer.late_clocks());
    for (int i = saved; i < 8; ++i) after.step(i < 4);
    EXPECT_TRUE(after.late.equal(whole.late)) << saved;
    EXPECT_TRUE(after.free.equal(whole.free)) << saved;
  }
}

TEST_P(LateClock, RunsOnInStepsWithoutAGradient) {
  Pair pair;
  pair.late.mutable_grad() = torch::Tensor();
  pair.free.mutable_grad() = torch::ones_like(pair.free);
  pair.optimizer.step();
  EXPECT_TRUE(pair.optimizer.late_clocks().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Adam, LateClock, testing::Values(AdamVariant::kKeras, AdamVariant::kTorch),
    [](const auto& each) { return std::string(word(each.param)); });

}  // namespace
}  // namespace fer
