// Batches, loss, optimiser and step engine together: small problems are learnt
// in a few seconds.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/philox.h"
#include "models/registry.h"
#include "tiny_model.h"
#include "train/batches.h"
#include "train/step_engine.h"

namespace fer {
namespace {

/// n noisy gray images of side x side; label k has a bright stripe in the k-th
/// of `classes` bands.
ImageSet stripes(size_t n, size_t side, size_t classes) {
  ImageSet set;
  set.height = set.width = side;
  set.class_names.resize(classes, "stripe");
  const auto pixels = std::make_shared<std::vector<uint8_t>>();
  for (size_t i = 0; i < n; ++i) {
    const size_t label = i % classes;
    set.labels.push_back(static_cast<int64_t>(label));
    Philox random(7, 0, static_cast<uint32_t>(i), Purpose::kSynthetic);
    for (size_t p = 0; p < side * side; ++p) {
      const bool bright = p / side * classes / side == label;
      pixels->push_back(
          static_cast<uint8_t>(random.below(150) + (bright ? 60 : 0)));
    }
  }
  set.pixels = pixels->data();
  set.owner = pixels;
  return set;
}

std::vector<int64_t> range(int64_t begin, int64_t end) {
  std::vector<int64_t> rows;
  for (int64_t i = begin; i < end; ++i) rows.push_back(i);
  return rows;
}

struct Result {
  RunningMetrics first, last, unseen;
};

/// Trains on all but the last quarter of the images, scores that.
Result learn(Model& model, const ImageSet& images, const TrainConfig& config,
             int epochs, double rate) {
  place_model(model, torch::kCPU, config.channels_last);
  OptimizerConfig adam;
  adam.learning_rate = rate;
  Optimizer optimizer(adam, named_parameters(model));
  StepEngine engine(model, optimizer,
                    std::make_unique<Classification>(model, Loss(0.0, {})),
                    config, torch::kCPU);
  const auto n = static_cast<int64_t>(images.size());
  Batches train(images, range(0, n * 3 / 4), config.batch_size, torch::kCPU);
  const Batches test(images, range(n * 3 / 4, n), config.batch_size,
                     torch::kCPU);
  Result result;
  model.train();
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    train.begin_epoch(1, static_cast<uint32_t>(epoch), {});
    RunningMetrics metrics;
    for (int64_t i = 0; i < train.count(); ++i) {
      const Batch batch = train.get(i);
      engine.train(batch, i + 1 == train.count(), metrics);
    }
    if (epoch == 1) result.first = metrics;
    result.last = metrics;
  }
  for (int64_t i = 0; i < test.count(); ++i)
    engine.score(test.get(i), result.unseen);
  return result;
}

TEST(Learning, ATinyNetworkTellsTwoStripesApart) {
  const auto model = std::make_shared<TinyModel>();
  const Result r = learn(*model, stripes(256, 8, 2), {}, 12, 0.01);
  EXPECT_GT(r.first.loss(), 0.3);
  EXPECT_LT(r.last.loss(), 0.1);
  EXPECT_GE(r.unseen.accuracy(), 0.95);
}

TEST(Learning, ATinyNetworkTellsFourStripesApart) {
  const auto model = std::make_shared<TinyModel>(4);
  const Result r = learn(*model, stripes(512, 8, 4), {}, 12, 0.01);
  EXPECT_GT(r.first.loss(), 0.5);
  EXPECT_LT(r.last.loss(), 0.2);
  EXPECT_GE(r.unseen.accuracy(), 0.95);
}

TEST(Learning, Bf16AndAccumulationLearnToo) {
  TrainConfig config;
  config.precision = Precision::kBf16;
  config.gradient_accumulation = 2;
  config.batch_size = 16;
  config.clip_norm = 1.0;
  const auto model = std::make_shared<TinyModel>();
  const Result r = learn(*model, stripes(256, 8, 2), config, 20, 0.01);
  EXPECT_LT(r.last.loss(), 0.15);
  EXPECT_GE(r.unseen.accuracy(), 0.95);
}

TEST(Learning, ShuffledLabelsAreNotPredictedOnUnseenImages) {
  // What the tests above measure is learning, not a leak.
  ImageSet images = stripes(512, 8, 2);
  for (size_t i = 0; i < images.labels.size(); ++i) {
    Philox coin(9, 0, static_cast<uint32_t>(i), Purpose::kSynthetic);
    images.labels[i] = coin.below(2);
  }
  const auto model = std::make_shared<TinyModel>();
  const Result r = learn(*model, images, {}, 12, 0.01);
  // 128 images: five deviations of a fair coin are 0.22.
  EXPECT_NEAR(r.unseen.accuracy(), 0.5, 0.22);
}

TEST(Learning, FernetWithDropoutLearnsSmallImages) {
  ModelConfig config;
  config.dropout = {0.1, 0.1, 0.1, 0.1, 0.2, 0.2};
  // The moving statistics must arrive within a few steps.
  config.batch_norm.momentum = 0.8;
  const ModelPtr model = make_model(config, {1, 16, 2}, 1);
  at::Generator dropout = at::globalContext().defaultGenerator(torch::kCPU);
  dropout.set_current_seed(1);
  TrainConfig train;
  train.batch_size = 32;
  const Result r = learn(*model, stripes(256, 16, 2), train, 4, 1e-3);
  EXPECT_LT(r.last.loss(), 0.3);
  EXPECT_LT(r.last.loss(), r.first.loss());
  EXPECT_GE(r.unseen.accuracy(), 0.9);
}

}  // namespace
}  // namespace fer
