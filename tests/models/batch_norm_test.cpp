// BatchNorm's bookkeeping against hand numbers. The batch 1, 2, 3, 6 has mean
// 3 and squared deviations 4 + 1 + 0 + 9 = 14: biased variance 14 / 4 = 3.5,
// unbiased 14 / 3.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/layers.h"

namespace fer {
namespace {

constexpr double kEpsilon = 1e-3;

BatchNormRule config(bool biased) {
  return {.epsilon = kEpsilon, .momentum = 0.9, .biased_variance = biased};
}

/// One channel, the four values over batch and pixels: `[2, 1, 1, 2]`.
torch::Tensor batch() {
  return torch::tensor({1.0, 2.0, 3.0, 6.0}, torch::kDouble)
      .reshape({2, 1, 1, 2});
}

struct Fixture {
  explicit Fixture(bool biased) : norm(1, config(biased)) {
    norm.to(torch::kDouble);
    norm.train();
  }
  double mean() const {
    return norm.named_buffers()["running_mean"].item<double>();
  }
  double variance() const {
    return norm.named_buffers()["running_var"].item<double>();
  }

  BatchNorm norm;
};

TEST(BatchNorm, StartsWithMeanZeroAndVarianceOne) {
  const Fixture f(true);
  EXPECT_EQ(f.mean(), 0.0);
  EXPECT_EQ(f.variance(), 1.0);
}

TEST(BatchNorm, KeepsTheBiasedVarianceAsKeras) {
  Fixture f(true);
  f.norm(batch());
  EXPECT_NEAR(f.mean(), 0.3, 1e-14);       // 0.9 * 0 + 0.1 * 3
  EXPECT_NEAR(f.variance(), 1.25, 1e-14);  // 0.9 * 1 + 0.1 * 3.5
  f.norm(batch());
  EXPECT_NEAR(f.mean(), 0.57, 1e-14);       // 0.9 * 0.3 + 0.1 * 3
  EXPECT_NEAR(f.variance(), 1.475, 1e-14);  // 0.9 * 1.25 + 0.1 * 3.5
}

TEST(BatchNorm, KeepsTheUnbiasedVarianceAsTorch) {
  Fixture f(false);
  f.norm(batch());
  EXPECT_NEAR(f.mean(), 0.3, 1e-14);
  EXPECT_NEAR(f.variance(), 0.9 + 1.4 / 3, 1e-14);  // 0.9 + 0.1 * 14 / 3
}

TEST(BatchNorm, CountsRowsOnlyAfterADenseLayer) {
  // [4, 1]: the same four values, n = 4 once more.
  Fixture f(true);
  f.norm(batch().reshape({4, 1}));
  EXPECT_NEAR(f.variance(), 1.25, 1e-14);
}

TEST(BatchNorm, NormalisesByTheBatchInTraining) {
  for (const bool biased : {true, false}) {
    Fixture f(biased);
    const torch::Tensor y = f.norm(batch()).flatten();
    const double deviation = std::sqrt(3.5 + kEpsilon);
    const double centred[] = {-2, -1, 0, 3};
    for (int i = 0; i < 4; ++i) {
      EXPECT_NEAR(y[i].item<double>(), centred[i] / deviation, 1e-14);
    }
  }
}

TEST(BatchNorm, NormalisesByTheMovingStatisticsInEvaluation) {
  Fixture f(true);
  f.norm(batch());
  f.norm.eval();
  const torch::Tensor y = f.norm(batch()).flatten();
  EXPECT_NEAR(y[3].item<double>(), (6 - 0.3) / std::sqrt(1.25 + kEpsilon),
              1e-14);
  EXPECT_NEAR(f.variance(), 1.25, 1e-14);  // evaluation does not move them
  EXPECT_NEAR(f.mean(), 0.3, 1e-14);
}

TEST(BatchNorm, AppliesScaleAndShift) {
  Fixture f(true);
  {
    const torch::NoGradGuard guard;
    f.norm.named_parameters()["weight"].fill_(2.0);
    f.norm.named_parameters()["bias"].fill_(5.0);
  }
  const torch::Tensor y = f.norm(batch()).flatten();
  EXPECT_NEAR(y[3].item<double>(), 5 + 2 * 3 / std::sqrt(3.5 + kEpsilon),
              1e-14);
}

TEST(BatchNorm, GivesTheSameGradientsWithBothVariances) {
  // The moving variance is corrected after autograd has seen it.
  torch::Tensor gradients[2];
  for (const bool biased : {true, false}) {
    Fixture f(biased);
    const torch::Tensor x = batch().requires_grad_();
    f.norm(x).square().mul(x.detach()).sum().backward();
    gradients[biased] = x.grad();
  }
  EXPECT_TRUE(gradients[0].equal(gradients[1]));
  EXPECT_GT(gradients[0].abs().sum().item<double>(), 0.0);
}

TEST(BatchNorm, ASingleValueHasNoVariance) {
  // The last batch of an epoch may hold one image. Keras: the variance is 0,
  // the moving one goes 0.9 * 1 + 0.1 * 0. Unbiased there is none: it stays.
  const torch::Tensor one = torch::full({1, 1}, 3.0, torch::kDouble);
  Fixture keras(true);
  EXPECT_EQ(keras.norm(one).item<double>(), 0.0);
  EXPECT_NEAR(keras.variance(), 0.9, 1e-14);
  EXPECT_NEAR(keras.mean(), 0.3, 1e-14);
  Fixture torch(false);
  EXPECT_EQ(torch.norm(one).item<double>(), 0.0);
  EXPECT_EQ(torch.variance(), 1.0);
  EXPECT_NEAR(torch.mean(), 0.3, 1e-14);
}

}  // namespace
}  // namespace fer
