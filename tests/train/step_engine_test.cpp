#include "train/step_engine.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tiny_model.h"

namespace fer {
namespace {

OptimizerConfig plain_sgd(double rate) {
  OptimizerConfig config;
  config.name = OptimizerKind::kSgd;
  config.learning_rate = rate;
  return config;
}

TrainConfig contiguous() {
  TrainConfig config;
  config.channels_last = false;
  return config;
}

/// A TinyModel in `type`, its optimiser and engine.
struct Bench {
  explicit Bench(const TrainConfig& config, double rate = 0.1,
                 torch::ScalarType type = torch::kDouble)
      : model(std::make_shared<TinyModel>()), settings(config) {
    model->to(type);
    place_model(*model, torch::kCPU, config.channels_last);
    model->train();
    optimizer =
        std::make_unique<Optimizer>(plain_sgd(rate), named_parameters(*model));
    engine = std::make_unique<StepEngine>(
        *model, *optimizer,
        std::make_unique<Classification>(*model, Loss(0.0, {})), config,
        torch::kCPU);
  }
  /// Rows [begin, end) of the tiny images.
  void train(int64_t begin, int64_t end, bool last) {
    const auto type = model->parameters().front().scalar_type();
    engine->train({tiny_images(end).slice(0, begin).to(type),
                   tiny_labels(end).slice(0, begin)},
                  last, metrics);
  }
  torch::Tensor predict(const torch::Tensor& images) const {
    return predict_logits(*model, images, settings, torch::kCPU);
  }

  std::shared_ptr<TinyModel> model;
  TrainConfig settings;
  std::unique_ptr<Optimizer> optimizer;
  std::unique_ptr<StepEngine> engine;
  RunningMetrics metrics;
};

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a.to(torch::kDouble) - b.to(torch::kDouble))
      .abs()
      .max()
      .item<double>();
}

TEST(StepEngine, MovesTheWeightsAgainstTheGradient) {
  Bench s(contiguous(), 0.1);
  const torch::Tensor before = flat_parameters(*s.model);
  const torch::Tensor images = tiny_images(8), labels = tiny_labels(8);
  Loss::plain(s.model->forward(images), labels).backward();
  std::vector<torch::Tensor> gradients;
  for (const torch::Tensor& p : s.model->parameters()) {
    gradients.push_back(p.grad().clone().flatten());
  }
  s.optimizer->zero_grad();
  s.train(0, 8, false);
  const torch::Tensor expected = before - 0.1 * at::cat(gradients);
  EXPECT_LT(largest_difference(flat_parameters(*s.model), expected), 1e-14);
  EXPECT_GT(largest_difference(before, expected), 1e-4);
}

TEST(StepEngine, LossFollowsSoftLabelsAndAccuracyTheLabels) {
  Bench hard(contiguous()), soft(contiguous()), same(contiguous());
  const torch::Tensor images = tiny_images(8), labels = tiny_labels(8);
  // Labels 0, 1, 0, 1, ...: each with one vote in four against it.
  const torch::Tensor one_hot =
      at::stack({1 - labels, labels}, 1).to(torch::kDouble);
  hard.engine->train({images, labels}, true, hard.metrics);
  soft.engine->train({images, labels, 0.5 * one_hot + 0.25}, true,
                     soft.metrics);
  same.engine->train({images, labels, one_hot}, true, same.metrics);
  EXPECT_EQ(soft.metrics.accuracy(), hard.metrics.accuracy());
  EXPECT_NE(soft.metrics.loss(), hard.metrics.loss());
  EXPECT_GT(largest_difference(flat_parameters(*soft.model),
                               flat_parameters(*hard.model)),
            1e-4);
  // Labels as a distribution with one 1 are labels.
  EXPECT_DOUBLE_EQ(same.metrics.loss(), hard.metrics.loss());
  EXPECT_LT(largest_difference(flat_parameters(*same.model),
                               flat_parameters(*hard.model)),
            1e-15);
}

TEST(StepEngine, FourBatchesOfEightEqualOneOfThirtyTwo) {
  TrainConfig config = contiguous();
  Bench whole(config);
  config.gradient_accumulation = 4;
  Bench parts(config);
  const torch::Tensor start = flat_parameters(*whole.model);
  for (int epoch = 0; epoch < 2; ++epoch) {
    whole.train(0, 32, true);
    for (int64_t i = 0; i < 4; ++i) parts.train(8 * i, 8 * i + 8, i == 3);
  }
  EXPECT_LT(largest_difference(flat_parameters(*whole.model),
                               flat_parameters(*parts.model)),
            1e-12);
  EXPECT_GT(largest_difference(flat_parameters(*whole.model), start), 1e-4);
  EXPECT_NEAR(whole.metrics.loss(), parts.metrics.loss(), 1e-12);
  EXPECT_EQ(parts.optimizer->steps(), 2);
}

TEST(StepEngine, WaitsForTheWholeGroup) {
  TrainConfig config = contiguous();
  config.gradient_accumulation = 3;
  Bench s(config);
  const torch::Tensor start = flat_parameters(*s.model);
  s.train(0, 8, false);
  s.train(8, 16, false);
  EXPECT_TRUE(flat_parameters(*s.model).equal(start));
  s.train(16, 24, false);
  EXPECT_FALSE(flat_parameters(*s.model).equal(start));
  EXPECT_EQ(s.optimizer->steps(), 1);
}

TEST(StepEngine, AnIncompleteGroupAtTheEndIsAveragedOverWhatItHas) {
  // Two batches of eight where four were asked for: as one batch of sixteen.
  TrainConfig config = contiguous();
  Bench whole(config);
  whole.train(0, 16, true);
  config.gradient_accumulation = 4;
  Bench parts(config);
  parts.train(0, 8, false);
  parts.train(8, 16, true);
  EXPECT_LT(largest_difference(flat_parameters(*whole.model),
                               flat_parameters(*parts.model)),
            1e-12);
  // The next group begins anew.
  const torch::Tensor before = flat_parameters(*parts.model);
  for (int i = 0; i < 3; ++i) parts.train(0, 8, false);
  EXPECT_TRUE(flat_parameters(*parts.model).equal(before));
}

TEST(StepEngine, ClipsTheWholeGradient) {
  // SGD with rate 1 moves by the gradient itself.
  TrainConfig config = contiguous();
  config.clip_norm = 0.01;
  Bench s(config, 1.0);
  const torch::Tensor start = flat_parameters(*s.model);
  s.train(0, 32, true);
  // The limit over the norm plus 1e-6, hence the tolerance.
  EXPECT_NEAR((flat_parameters(*s.model) - start).norm().item<double>(), 0.01,
              1e-6);
}

TEST(StepEngine, ClipsTheMeanOfAGroupNotItsParts) {
  TrainConfig config = contiguous();
  config.clip_norm = 0.01;
  Bench whole(config, 1.0);
  whole.train(0, 16, true);
  config.gradient_accumulation = 2;
  Bench parts(config, 1.0);
  parts.train(0, 8, false);
  parts.train(8, 16, false);
  EXPECT_LT(largest_difference(flat_parameters(*whole.model),
                               flat_parameters(*parts.model)),
            1e-12);
}

TEST(StepEngine, AddsL2OfTheKernelsToTheLoss) {
  TrainConfig config = contiguous();
  Bench without(config);
  config.l2 = 0.01;
  Bench with(config);
  double squares = 0;
  {
    const torch::NoGradGuard guard;
    for (const auto& item : with.model->named_parameters()) {
      // Biases count for nothing.
      if (item.value().dim() == 1) item.value().fill_(1.0);
      if (item.value().dim() > 1)
        squares += item.value().square().sum().item<double>();
    }
    for (const auto& item : without.model->named_parameters()) {
      if (item.value().dim() == 1) item.value().fill_(1.0);
    }
  }
  ASSERT_GT(squares, 1.0);
  const torch::Tensor kernel =
      without.model->named_parameters()["dense.weight"];
  const torch::Tensor start = kernel.detach().clone();
  without.train(0, 8, true);
  with.train(0, 8, true);
  EXPECT_NEAR(with.metrics.loss() - without.metrics.loss(), 0.01 * squares,
              1e-12);
  // Its gradient is 2 * l2 * w; rate 0.1.
  EXPECT_LT(largest_difference(
                with.model->named_parameters()["dense.weight"].detach(),
                kernel.detach() - 0.1 * 2 * 0.01 * start),
            1e-14);
  EXPECT_LT(largest_difference(with.model->named_parameters()["dense.bias"],
                               without.model->named_parameters()["dense.bias"]),
            1e-14);
}

TEST(StepEngine, Bf16StaysNearFloat32AndKeepsFloat32Weights) {
  TrainConfig config = contiguous();
  Bench exact(config, 0.05, torch::kFloat);
  config.precision = Precision::kBf16;
  Bench coarse(config, 0.05, torch::kFloat);
  for (int i = 0; i < 5; ++i) {
    exact.train(0, 32, true);
    coarse.train(0, 32, true);
  }
  // bfloat16 has 8 bits: steps of 0.4 %.
  EXPECT_NEAR(coarse.metrics.loss(), exact.metrics.loss(),
              0.02 * exact.metrics.loss());
  EXPECT_NE(coarse.metrics.loss(), exact.metrics.loss());
  for (const torch::Tensor& p : coarse.model->parameters()) {
    EXPECT_EQ(p.scalar_type(), torch::kFloat);
  }
  EXPECT_LT(largest_difference(flat_parameters(*exact.model),
                               flat_parameters(*coarse.model)),
            0.01);
  EXPECT_FALSE(at::autocast::is_autocast_enabled(at::kCPU));
}

TEST(StepEngine, Bf16AnswersAreFloat32AndNear) {
  TrainConfig config = contiguous();
  Bench exact(config, 0.1, torch::kFloat);
  config.precision = Precision::kBf16;
  Bench coarse(config, 0.1, torch::kFloat);
  const torch::Tensor images = tiny_images(16).to(torch::kFloat);
  const torch::Tensor a = exact.predict(images);
  const torch::Tensor b = coarse.predict(images);
  EXPECT_EQ(b.scalar_type(), torch::kFloat);
  EXPECT_GT(largest_difference(a, b), 0.0);
  EXPECT_LT(largest_difference(a, b), 0.02 * a.abs().max().item<float>());
}

TEST(StepEngine, ChannelsLastGivesTheSameWeights) {
  TrainConfig config = contiguous();
  Bench plain(config);
  config.channels_last = true;
  Bench nhwc(config);
  for (int i = 0; i < 3; ++i) {
    plain.train(0, 16, true);
    nhwc.train(0, 16, true);
  }
  EXPECT_LT(largest_difference(flat_parameters(*plain.model),
                               flat_parameters(*nhwc.model)),
            1e-12);
  EXPECT_NEAR(plain.metrics.loss(), nhwc.metrics.loss(), 1e-12);
  EXPECT_LT(largest_difference(plain.predict(tiny_images(4)),
                               nhwc.predict(tiny_images(4))),
            1e-6);
}

TEST(PlaceModel, PutsKernelsIntoChannelsLastOrderOnlyWhenAsked) {
  // 4 -> 8 channels: with one channel both orders are the same.
  Conv2d layer({.in = 4, .out = 8, .kernel = 3});
  class One final : public Model {
   public:
    One() {
      conv = register_module("conv", std::make_shared<Conv2d>(Conv2d::Options{
                                         .in = 4, .out = 8, .kernel = 3}));
    }
    torch::Tensor forward(const torch::Tensor& x) override {
      return (*conv)(x);
    }
    std::shared_ptr<Conv2d> conv;
  };
  for (const bool asked : {false, true}) {
    const auto model = std::make_shared<One>();
    initialise(*model, Initialiser::kModel, 1);
    const torch::Tensor weight = model->parameters()[0];
    const torch::Tensor before = weight.detach().clone();
    place_model(*model, torch::kCPU, asked);
    EXPECT_EQ(weight.is_contiguous(at::MemoryFormat::ChannelsLast), asked);
    EXPECT_TRUE(weight.equal(before));
  }
}

TEST(StepEngine, PredictionsLeaveModeAndGradientsAlone) {
  Bench s(contiguous());
  for (const bool training : {true, false}) {
    s.model->train(training);
    const torch::Tensor logits = s.predict(tiny_images(3));
    EXPECT_EQ(s.model->is_training(), training);
    EXPECT_FALSE(logits.requires_grad());
    EXPECT_EQ(logits.sizes().vec(), (std::vector<int64_t>{3, 1}));
  }
}

TEST(StepEngine, ScoresInEvaluationModeAndByThePlainLoss) {
  Bench s(contiguous(), 0.1, torch::kFloat);
  s.model->train();
  const torch::Tensor images = tiny_images(6).to(torch::kFloat);
  const torch::Tensor labels = tiny_labels(6);
  RunningMetrics scored;
  s.engine->score({images, labels}, scored);
  const torch::Tensor logits = s.predict(images);
  EXPECT_FLOAT_EQ(scored.loss(), Loss::plain(logits, labels).item<float>());
  EXPECT_DOUBLE_EQ(scored.accuracy(),
                   count_correct(logits, labels).item<double>() / 6);
  EXPECT_TRUE(s.model->is_training());
}

TEST(RunningMetrics, HasNoAccuracyWithoutAnswers) {
  RunningMetrics metrics;
  metrics.add(torch::tensor(2.0), {}, 4);
  metrics.add(torch::tensor(5.0), {}, 2);
  EXPECT_DOUBLE_EQ(metrics.loss(), 3.0);  // (4 * 2 + 2 * 5) / 6
  EXPECT_TRUE(std::isnan(metrics.accuracy()));
}

TEST(RunningMetrics, IsTheMeanOverSamplesNotBatches) {
  RunningMetrics metrics;
  EXPECT_EQ(metrics.loss(), 0.0);
  EXPECT_EQ(metrics.accuracy(), 0.0);
  metrics.add(torch::tensor(1.0), torch::tensor(3), 4);
  metrics.add(torch::tensor(4.0), torch::tensor(0), 2);
  EXPECT_DOUBLE_EQ(metrics.loss(), 2.0);      // (4 * 1 + 2 * 4) / 6
  EXPECT_DOUBLE_EQ(metrics.accuracy(), 0.5);  // 3 / 6
}

TEST(RunningMetrics, AddsInDouble) {
  // In float 2^24 + 1 is 2^24 again.
  RunningMetrics metrics;
  metrics.add(torch::tensor(16777216.0f), torch::tensor(0), 1);
  metrics.add(torch::tensor(1.0f), torch::tensor(0), 1);
  EXPECT_EQ(metrics.loss(), 16777217.0 / 2);
}

}  // namespace
}  // namespace fer
