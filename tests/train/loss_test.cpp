#include "train/loss.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace fer {
namespace {

torch::Tensor column(std::vector<double> values) {
  return torch::tensor(values, torch::kDouble).unsqueeze(1);
}

torch::Tensor labels(std::vector<int64_t> values) {
  return torch::tensor(values, torch::kLong);
}

double value(const Loss& loss, const torch::Tensor& logits,
             const torch::Tensor& truth) {
  return loss(logits, truth).item<double>();
}

/// -log sigmoid(z): the loss of logit z for label 1; of -z for label 0.
double softplus(double z) { return std::log1p(std::exp(-z)); }

TEST(BinaryLoss, IsTheMeanOfMinusLogOfTheProbability) {
  // z = 0, label 1: ln 2 = 0.693147; z = 2, label 0: ln(1 + e^2) = 2.126928.
  const Loss loss(0.0, {});
  EXPECT_NEAR(value(loss, column({0, 2}), labels({1, 0})),
              (0.6931471805599453 + 2.1269280110429727) / 2, 1e-12);
}

TEST(BinaryLoss, SmoothsLabelsAsKeras) {
  // s = 0.2: label 1 -> 0.9, label 0 -> 0.1.
  const Loss loss(0.2, {});
  const double one = 0.9 * softplus(1.5) + 0.1 * softplus(-1.5);
  const double zero = 0.1 * softplus(-0.5) + 0.9 * softplus(0.5);
  EXPECT_NEAR(value(loss, column({1.5, -0.5}), labels({1, 0})),
              (one + zero) / 2, 1e-12);
}

TEST(BinaryLoss, WeighsTheLossesOfTheClasses) {
  // Keras: mean of weight * loss, the sum of the weights does not matter.
  const Loss loss(0.0, {0.5, 3.0});
  EXPECT_NEAR(value(loss, column({0, 2, 1}), labels({1, 0, 1})),
              (3 * softplus(0) + 0.5 * softplus(-2) + 3 * softplus(1)) / 3,
              1e-7);
}

TEST(BinaryLoss, SurvivesLargeLogits) {
  const Loss loss(0.0, {});
  EXPECT_NEAR(value(loss, column({1000, -1000}), labels({0, 0})), 500, 1e-9);
}

TEST(CategoricalLoss, IsTheMeanOfMinusLogSoftmax) {
  // Row 1: softmax of (ln 1, ln 2, ln 5) is 1/8, 2/8, 5/8. Row 2: 1/3 each.
  const torch::Tensor logits = torch::tensor({std::log(1.0), std::log(2.0),
                                              std::log(5.0), 4.0, 4.0, 4.0},
                                             torch::kDouble)
                                   .reshape({2, 3});
  EXPECT_NEAR(value(Loss(0.0, {}), logits, labels({1, 2})),
              (std::log(4.0) + std::log(3.0)) / 2, 1e-12);
}

TEST(CategoricalLoss, SmoothsLabelsAsKeras) {
  // s = 0.3, K = 3: 0.8 for the label, 0.1 for the others.
  const torch::Tensor logits = torch::tensor(
      {{std::log(1.0), std::log(2.0), std::log(5.0)}}, torch::kDouble);
  EXPECT_NEAR(value(Loss(0.3, {}), logits, labels({2})),
              0.1 * std::log(8.0) + 0.1 * std::log(4.0) + 0.8 * std::log(1.6),
              1e-12);
}

TEST(CategoricalLoss, WeighsTheLossesOfTheClasses) {
  const torch::Tensor logits = torch::zeros({2, 3}, torch::kDouble);
  EXPECT_NEAR(value(Loss(0.0, {1.0, 2.0, 6.0}), logits, labels({1, 2})),
              (2 + 6) / 2.0 * std::log(3.0), 1e-7);
}

torch::Tensor votes(std::vector<double> values, int64_t classes) {
  return torch::tensor(values, torch::kDouble).reshape({-1, classes});
}

TEST(SoftLoss, BinaryIsTheMixtureOfBothLabels) {
  // p = (0.3, 0.7), z = 1.5: 0.7 * -log s(z) + 0.3 * -log s(-z); p = (1, 0),
  // z = -0.5: -log s(0.5).
  const double first = 0.7 * softplus(1.5) + 0.3 * softplus(-1.5);
  EXPECT_NEAR(
      value(Loss(0.0, {}), column({1.5, -0.5}), votes({.3, .7, 1, 0}, 2)),
      (first + softplus(0.5)) / 2, 1e-12);
}

TEST(SoftLoss, CategoricalIsMinusTheSumOfTargetTimesLogSoftmax) {
  // Softmax of (ln 1, ln 2, ln 5) is 1/8, 2/8, 5/8; targets 0.2, 0.3, 0.5:
  // 0.2 ln 8 + 0.3 ln 4 + 0.5 ln 1.6 = 0.415888 + 0.415888 + 0.235002.
  const torch::Tensor logits = torch::tensor(
      {{std::log(1.0), std::log(2.0), std::log(5.0)}}, torch::kDouble);
  EXPECT_NEAR(value(Loss(0.0, {}), logits, votes({.2, .3, .5}, 3)),
              0.2 * std::log(8.0) + 0.3 * std::log(4.0) + 0.5 * std::log(1.6),
              1e-12);
  EXPECT_NEAR(value(Loss(0.0, {}), logits, votes({.2, .3, .5}, 3)), 1.066779,
              1e-6);
}

TEST(SoftLoss, OfOneHotRowsIsThatOfLabels) {
  for (const Loss& loss :
       {Loss(0.0, {}), Loss(0.3, {}), Loss(0.3, {0.5, 2.0, 6.0})}) {
    const torch::Tensor logits =
        votes({0.3, -1, 2, 1, 0, -1, 0.1, 0.2, 0.3}, 3);
    EXPECT_NEAR(value(loss, logits, votes({0, 0, 1, 1, 0, 0, 0, 1, 0}, 3)),
                value(loss, logits, labels({2, 0, 1})), 1e-12);
  }
  for (const Loss& loss :
       {Loss(0.0, {}), Loss(0.3, {}), Loss(0.3, {0.5, 2.0})}) {
    EXPECT_NEAR(value(loss, column({0.3, -1}), votes({0, 1, 1, 0}, 2)),
                value(loss, column({0.3, -1}), labels({1, 0})), 1e-12);
  }
}

TEST(SoftLoss, SmoothsTheTarget) {
  // s = 0.3: (0.2, 0.3, 0.5) * 0.7 + 0.1 = (0.24, 0.31, 0.45); binary s = 0.2:
  // 0.7 * 0.8 + 0.1 = 0.66.
  const torch::Tensor logits = torch::tensor(
      {{std::log(1.0), std::log(2.0), std::log(5.0)}}, torch::kDouble);
  EXPECT_NEAR(
      value(Loss(0.3, {}), logits, votes({.2, .3, .5}, 3)),
      0.24 * std::log(8.0) + 0.31 * std::log(4.0) + 0.45 * std::log(1.6),
      1e-12);
  EXPECT_NEAR(value(Loss(0.2, {}), column({1.5}), votes({.3, .7}, 2)),
              0.66 * softplus(1.5) + 0.34 * softplus(-1.5), 1e-12);
}

TEST(SoftLoss, WeighsByTheMeanOfTheClassesWeights) {
  // 0.25 * 1 + 0.5 * 2 + 0.25 * 6 = 2.75; the loss of equal logits is ln 3.
  const torch::Tensor logits = torch::zeros({1, 3}, torch::kDouble);
  EXPECT_NEAR(
      value(Loss(0.0, {1.0, 2.0, 6.0}), logits, votes({.25, .5, .25}, 3)),
      2.75 * std::log(3.0), 1e-7);
  EXPECT_NEAR(value(Loss(0.0, {1.0, 3.0}), column({0}), votes({.25, .75}, 2)),
              2.5 * std::log(2.0), 1e-7);
}

TEST(SoftLoss, EqualsTorchsOwnWithGradients) {
  const torch::Tensor mine =
      votes({0.3, -1, 2, 1, 0.5, -1, 0.1, 0.2, 0.3}, 3).requires_grad_();
  const torch::Tensor torchs = mine.detach().clone().requires_grad_();
  const torch::Tensor p = votes({.1, .2, .7, 0, .5, .5, 1, 0, 0}, 3);
  Loss::plain(mine, p).backward();
  (-(p * torchs.log_softmax(1)).sum(1)).mean().backward();
  EXPECT_LT((mine.grad() - torchs.grad()).abs().max().item<double>(), 1e-15);
  // And by hand: (softmax - p) / n.
  const torch::Tensor by_hand = (torchs.detach().softmax(1) - p) / 3;
  EXPECT_LT((mine.grad() - by_hand).abs().max().item<double>(), 1e-15);
}

TEST(SoftLoss, TakesFloatTargetsBesideBf16Logits) {
  const torch::Tensor p = votes({.25, .5, .25}, 3).to(torch::kFloat);
  const torch::Tensor logits = torch::zeros({1, 3}, torch::kBFloat16);
  EXPECT_EQ(Loss::plain(logits, p).scalar_type(), torch::kFloat);
  EXPECT_NEAR(value(Loss(0.0, {}), logits, p), std::log(3.0), 1e-6);
}

TEST(Loss, WithoutWeightsAndSmoothingIsPlain) {
  const torch::Tensor logits = column({0.3, -2, 1});
  const torch::Tensor truth = labels({0, 1, 1});
  EXPECT_EQ(Loss::plain(logits, truth).item<double>(),
            value(Loss(0.0, {}), logits, truth));
  EXPECT_NE(Loss::plain(logits, truth).item<double>(),
            value(Loss(0.1, {}), logits, truth));
}

TEST(Loss, IsComputedInFloat32OrBetter) {
  const torch::Tensor truth = labels({1, 0});
  const auto type_of = [&](torch::ScalarType type) {
    return Loss::plain(column({0.5, 1}).to(type), truth).scalar_type();
  };
  EXPECT_EQ(type_of(torch::kBFloat16), torch::kFloat);
  EXPECT_EQ(type_of(torch::kFloat), torch::kFloat);
  EXPECT_EQ(type_of(torch::kDouble), torch::kDouble);
  const torch::Tensor rows = torch::zeros({2, 3}, torch::kBFloat16);
  EXPECT_EQ(Loss::plain(rows, truth).scalar_type(), torch::kFloat);
}

TEST(Loss, LeadsGradientsToTheLogits) {
  // d/dz = (sigmoid(z) - y) / n: z = 0, y = 1, n = 2 gives -0.25.
  const torch::Tensor logits = column({0, 0}).requires_grad_();
  Loss::plain(logits, labels({1, 0})).backward();
  EXPECT_NEAR(logits.grad()[0].item<double>(), -0.25, 1e-15);
  EXPECT_NEAR(logits.grad()[1].item<double>(), 0.25, 1e-15);
}

int64_t correct(const torch::Tensor& logits, const torch::Tensor& truth) {
  const torch::Tensor count = count_correct(logits, truth);
  EXPECT_EQ(count.scalar_type(), torch::kLong);
  return count.item<int64_t>();
}

TEST(CountCorrect, TakesALogitOfZeroAsLabelOne) {
  EXPECT_EQ(correct(column({0}), labels({1})), 1);
  EXPECT_EQ(correct(column({0}), labels({0})), 0);
  EXPECT_EQ(correct(column({-1e-9}), labels({0})), 1);
}

TEST(CountCorrect, CountsRightAnswers) {
  EXPECT_EQ(correct(column({2, -1, 3, -4}), labels({1, 1, 0, 0})), 2);
  const torch::Tensor logits =
      torch::tensor({{1.0, 2.0, 0.0}, {5.0, 2.0, 0.0}, {-3.0, -2.0, -1.0}});
  EXPECT_EQ(correct(logits, labels({1, 0, 2})), 3);
  EXPECT_EQ(correct(logits, labels({0, 0, 1})), 1);
}

TEST(Probabilities, SumToOneInEveryRow) {
  const torch::Tensor binary =
      probabilities(torch::tensor({{-900.0f}, {-3.0f}, {0.0f}, {40.0f}}));
  const torch::Tensor several = probabilities(
      torch::tensor({{1.0f, 2.0f, 3.0f}, {-500.0f, 0.0f, 500.0f}}));
  for (const torch::Tensor& p : {binary, several}) {
    EXPECT_EQ(p.scalar_type(), torch::kDouble);
    EXPECT_LT((p.sum(1) - 1.0).abs().max().item<double>(), 1e-15);
    EXPECT_GE(p.min().item<double>(), 0.0);
  }
  EXPECT_EQ(binary.sizes().vec(), (std::vector<int64_t>{4, 2}));
}

TEST(Probabilities, PutsLabelOneInTheSecondColumn) {
  const torch::Tensor p =
      probabilities(torch::tensor({{std::log(3.0)}}, torch::kDouble));
  EXPECT_NEAR(p[0][0].item<double>(), 0.25, 1e-15);
  EXPECT_NEAR(p[0][1].item<double>(), 0.75, 1e-15);
}

TEST(BalancedWeights, FollowScikitLearn) {
  // n / (classes * n_class): 6 / (3 * 3), 6 / (3 * 1), 6 / (3 * 2).
  const std::vector<double> weights = balanced_weights({0, 2, 0, 1, 2, 0}, 3);
  ASSERT_EQ(weights.size(), 3u);
  EXPECT_DOUBLE_EQ(weights[0], 2.0 / 3);
  EXPECT_DOUBLE_EQ(weights[1], 2.0);
  EXPECT_DOUBLE_EQ(weights[2], 1.0);
}

TEST(BalancedWeights, AreOneForEqualClassesAndZeroForAnAbsentOne) {
  EXPECT_EQ(balanced_weights({0, 1, 1, 0}, 2), (std::vector<double>{1, 1}));
  EXPECT_EQ(balanced_weights({0, 0}, 2), (std::vector<double>{0.5, 0}));
}

}  // namespace
}  // namespace fer
