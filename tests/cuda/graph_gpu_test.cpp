// A recorded training step against steps taken one by one, on a GPU.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cuda/backend.h"
#include "models/registry.h"
#include "train/device.h"
#include "train/optimizer.h"
#include "train/step_engine.h"

namespace fer {
namespace {

constexpr int64_t kSize = 32;
const torch::Device kGpu(torch::kCUDA, 0);

/// Fernet with its optimiser on the GPU.
struct Trained {
  Trained(bool recorded, double dropout) {
    ModelConfig model_config;
    model_config.dropout.assign(6, dropout);
    model = make_model(model_config, {1, 48, 2}, 3);
    place_model(*model, kGpu, true);
    model->train();
    OptimizerConfig config;
    config.variant = AdamVariant::kKeras;
    optimizer = std::make_unique<Optimizer>(config, named_parameters(*model));
    engine = std::make_unique<StepEngine>(
        *model, *optimizer,
        std::make_unique<Classification>(*model, Loss(0, {})), TrainConfig{},
        kGpu);
    if (recorded)
      engine->record_steps(
          [] { return std::unique_ptr<CudaGraph>(cuda_module().new_graph()); });
  }
  void train(int64_t step) {
    const torch::Tensor images =
        (torch::arange(kSize * 48 * 48) * 0.6180339887498949 +
         0.37 * static_cast<double>(step))
            .frac()
            .to(torch::kFloat)
            .reshape({kSize, 1, 48, 48});
    engine->train({images.to(kGpu), (torch::arange(kSize) % 2).to(kGpu)}, true,
                  metrics);
  }
  torch::Tensor weights() const {
    std::vector<torch::Tensor> parts;
    for (const auto& [name, tensor] : named_tensors(*model))
      parts.push_back(tensor.detach().to(torch::kDouble).flatten().cpu());
    return at::cat(parts);
  }

  ModelPtr model;
  std::unique_ptr<Optimizer> optimizer;
  std::unique_ptr<StepEngine> engine;
  RunningMetrics metrics;
};

class Graph : public testing::Test {
 protected:
  void SetUp() override {
    if (!load_cuda().available) GTEST_SKIP() << load_cuda().reason;
    cuda_module().leave_default_stream();
    at::globalContext().setDeterministicCuDNN(true);
    at::globalContext().setBenchmarkCuDNN(false);
  }
};

// With the same kernels on the same numbers the bits are the same; 1e-4 of the
// norm leaves room for cuDNN taking another algorithm while recording.
TEST_F(Graph, TrainsAsStepsTakenOneByOneOver200Steps) {
  Trained plain(false, 0), recorded(true, 0);
  for (int64_t step = 0; step < 200; ++step) {
    plain.train(step);
    recorded.train(step);
    if (step != 100) continue;
    plain.optimizer->set_learning_rate(1e-4);
    recorded.optimizer->set_learning_rate(1e-4);
  }
  EXPECT_EQ(recorded.engine->graph_refusal(), "");
  const torch::Tensor expected = plain.weights(), found = recorded.weights();
  EXPECT_LT((found - expected).norm().item<double>(),
            1e-4 * expected.norm().item<double>());
  EXPECT_NEAR(recorded.metrics.loss(), plain.metrics.loss(), 1e-3);
  EXPECT_EQ(recorded.metrics.samples, 200 * kSize);
}

// Anything that a step takes from the host would be refused.
TEST_F(Graph, IsRecordedForEveryFamilyWithScaledInputAndClassWeights) {
  for (const char* name : {"fernet", "resnet18", "vit_tiny", "efficientnet_b0",
                           "cnn48", "resnet50v2"}) {
    ModelConfig config;
    config.name = name;
    config.input = InputScale::kImagenet;
    const ModelPtr model = make_model(config, {3, 64, 3}, 1);
    place_model(*model, kGpu, true);
    model->train();
    Optimizer optimizer({}, named_parameters(*model));
    StepEngine engine(
        *model, optimizer,
        std::make_unique<Classification>(*model, Loss(0.1, {0.5, 1.0, 2.0})),
        TrainConfig{}, kGpu);
    engine.record_steps(
        [] { return std::unique_ptr<CudaGraph>(cuda_module().new_graph()); });
    RunningMetrics metrics;
    const auto on_gpu = torch::TensorOptions().device(kGpu);
    for (int step = 0; step < 6; ++step) {
      engine.train({torch::rand({8, 3, 64, 64}, on_gpu),
                    torch::arange(8, on_gpu.dtype(torch::kLong)).remainder(3)},
                   true, metrics);
    }
    EXPECT_EQ(engine.graph_refusal(), "") << name;
    EXPECT_TRUE(std::isfinite(metrics.loss())) << name;
    EXPECT_EQ(metrics.samples, 48) << name;
  }
}

TEST_F(Graph, FollowsTheLearningRate) {
  Trained run(true, 0);
  for (int64_t step = 0; step < 6; ++step) run.train(step);
  std::vector<torch::Tensor> before;
  for (const auto& p : run.model->parameters())
    before.push_back(p.detach().clone());
  run.optimizer->set_learning_rate(0);
  run.train(6);
  size_t i = 0;
  for (const auto& p : run.model->parameters())
    EXPECT_TRUE(torch::equal(p.detach(), before[i++]));
}

TEST_F(Graph, DropsOtherValuesInEachStepAndMovesTheStatistics) {
  Trained run(true, 0.5);
  run.optimizer->set_learning_rate(0);  // only chance differs between steps
  for (int64_t step = 0; step < 4; ++step) run.train(0);
  std::vector<double> sums{run.metrics.loss() * 4};
  std::vector<torch::Tensor> statistics;
  for (int more = 5; more <= 7; ++more) {
    run.train(0);
    sums.push_back(run.metrics.loss() * more);
    statistics.push_back(run.weights());
  }
  EXPECT_NE(sums[1] - sums[0], sums[2] - sums[1]);
  EXPECT_NE(sums[2] - sums[1], sums[3] - sums[2]);
  EXPECT_FALSE(torch::equal(statistics[0], statistics[1]));
}

/// Fernet over images that lie on the GPU, ten batches and a smaller one an
/// epoch; steps one by one, or recorded with their data.
struct Fed {
  explicit Fed(int together) : pixels((10 * kSize + 3) * 48 * 48) {
    uint32_t state = 1;
    for (uint8_t& pixel : pixels)
      pixel =
          static_cast<uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
    images.height = images.width = 48;
    images.class_names = {"a", "b"};
    std::vector<int64_t> rows;
    for (int64_t i = 0; i < 10 * kSize + 3; ++i) {
      images.labels.push_back(i % 2);
      rows.push_back(i);
    }
    images.pixels = pixels.data();
    batches = std::make_unique<Batches>(
        images, rows, kSize, kGpu, DeviceImages::place(images, kGpu, true));
    ModelConfig model_config;
    model_config.dropout.assign(6, 0.0);
    model = make_model(model_config, {1, 48, 2}, 3);
    place_model(*model, kGpu, true);
    model->train();
    optimizer = std::make_unique<Optimizer>(OptimizerConfig{},
                                            named_parameters(*model));
    TrainConfig config;
    config.cuda_graph_steps = std::max(1, together);
    engine = std::make_unique<StepEngine>(
        *model, *optimizer,
        std::make_unique<Classification>(*model, Loss(0, {})), config, kGpu);
    if (together == 0) return;
    engine->record_steps(
        [] { return std::unique_ptr<CudaGraph>(cuda_module().new_graph()); },
        batches.get());
  }

  void train() {
    AugmentSettings augment{
        .horizontal_flip = 0.5f, .shift = 0.1f, .any = true, .mixup = 0.4f};
    for (uint32_t epoch = 1; epoch <= 3; ++epoch) {
      batches->begin_epoch(42, epoch, augment);
      RunningMetrics metrics;
      for (int64_t i = 0; i < batches->count();)
        i += engine->train(*batches, i, metrics);
      losses.push_back(metrics.loss());
      EXPECT_EQ(metrics.samples, 10 * kSize + 3);
      optimizer->set_learning_rate(1e-3 / (1 + epoch));
    }
  }

  std::vector<uint8_t> pixels;
  ImageSet images;
  std::unique_ptr<Batches> batches;
  ModelPtr model;
  std::unique_ptr<Optimizer> optimizer;
  std::unique_ptr<StepEngine> engine;
  std::vector<double> losses;
};

TEST_F(Graph, LeavesTorchAsItWasWhereWorkCannotBeRecorded) {
  const torch::Tensor x =
      torch::ones({64}, torch::TensorOptions().device(kGpu));
  const std::unique_ptr<CudaGraph> graph(cuda_module().new_graph());
  EXPECT_ANY_THROW(graph->record([&] { x.sum().item<float>(); }));
  EXPECT_NO_THROW(at::dropout(x, 0.5, true));
}

TEST_F(Graph, MakesItsBatchesAndTakesStepsTogether) {
  Fed plain(0);
  plain.train();
  for (const int together : {1, 4}) {
    Fed fed(together);
    fed.train();
    EXPECT_EQ(fed.engine->graph_refusal(), "");
    for (size_t epoch = 0; epoch < 3; ++epoch)
      EXPECT_NEAR(fed.losses[epoch], plain.losses[epoch],
                  1e-3 * plain.losses[epoch])
          << together;
  }
}

}  // namespace
}  // namespace fer
