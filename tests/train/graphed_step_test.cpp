// Recorded steps against steps taken one by one, with a graph that the CPU
// plays; tests/cuda has the same on a GPU.
#include "train/graphed_step.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "fake_graph.h"
#include "tiny_model.h"
#include "train/step_engine.h"

namespace fer {
namespace {

constexpr int64_t kSize = 8;

OptimizerConfig keras_adam() {
  OptimizerConfig config;
  config.name = OptimizerKind::kAdam;
  config.variant = AdamVariant::kKeras;
  config.learning_rate = 0.01;
  return config;
}

/// A TinyModel in double that trains with Keras's Adam.
struct Trained {
  explicit Trained(double clip_norm = 0) {
    TrainConfig config;
    config.channels_last = false;
    config.clip_norm = clip_norm;
    model = std::make_shared<TinyModel>();
    model->to(torch::kDouble);
    model->train();
    optimizer =
        std::make_unique<Optimizer>(keras_adam(), named_parameters(*model));
    optimizer->use_tensor_rate();
    engine = std::make_unique<StepEngine>(
        *model, *optimizer,
        std::make_unique<Classification>(*model, Loss(0.0, {})), config,
        torch::kCPU);
  }
  void train(int64_t begin, int64_t n = kSize) {
    engine->train({tiny_images(begin + n).slice(0, begin),
                   tiny_labels(begin + n).slice(0, begin)},
                  true, metrics);
  }

  std::shared_ptr<TinyModel> model;
  std::unique_ptr<Optimizer> optimizer;
  std::unique_ptr<StepEngine> engine;
  RunningMetrics metrics;
};

/// Two epochs of six batches, the last one smaller, and a new rate.
void two_epochs(Trained& run, std::vector<double>& losses) {
  for (int epoch = 0; epoch < 2; ++epoch) {
    run.metrics = {};
    for (int64_t i = 0; i < 5; ++i) run.train(i * kSize);
    run.train(5 * kSize, 3);
    losses.push_back(run.metrics.loss());
    EXPECT_EQ(run.metrics.samples, 5 * kSize + 3);
    run.optimizer->set_learning_rate(0.002);
  }
}

void expect_same_training(double clip_norm) {
  Trained plain(clip_norm), recorded(clip_norm);
  recorded.engine->record_steps(fake_graph);
  std::vector<double> expected, found;
  two_epochs(plain, expected);
  two_epochs(recorded, found);
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(torch::equal(flat_parameters(*recorded.model),
                           flat_parameters(*plain.model)));
  EXPECT_EQ(recorded.metrics.accuracy(), plain.metrics.accuracy());
  EXPECT_EQ(recorded.optimizer->steps(), 12);
  EXPECT_TRUE(recorded.optimizer->late_clocks().empty());
  EXPECT_EQ(recorded.engine->graph_refusal(), "");
}

TEST(GraphedStep, TrainsAsStepsTakenOneByOne) { expect_same_training(0); }

TEST(GraphedStep, ClipsToo) { expect_same_training(1e-3); }

/// Counts what is asked of it.
struct Counts {
  int direct = 0, recorded = 0, replayed = 0;
};

class CountingGraph final : public CudaGraph {
 public:
  explicit CountingGraph(Counts& counts) : counts_(counts) {}
  void record(const std::function<void()>&) override { ++counts_.recorded; }
  void replay() override { ++counts_.replayed; }

 private:
  Counts& counts_;
};

Batch batch_of(int64_t n) { return {tiny_images(n), tiny_labels(n)}; }

TEST(GraphedStep, WarmsUpRecordsOnceAndRepeats) {
  Counts counts;
  GraphedStep step([&](const Batch&, RunningMetrics&) {},
                   [&] { return std::make_unique<CountingGraph>(counts); });
  RunningMetrics metrics;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(step.replay(batch_of(4), metrics));
  EXPECT_EQ(counts.recorded, 0);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(step.replay(batch_of(4), metrics));
  EXPECT_FALSE(step.replay(batch_of(3), metrics)) << "another size";
  EXPECT_EQ(counts.recorded, 1);
  EXPECT_EQ(counts.replayed, 5);
  EXPECT_EQ(metrics.samples, 20);

  step.forget();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(step.replay(batch_of(4), metrics));
  EXPECT_TRUE(step.replay(batch_of(4), metrics));
  EXPECT_EQ(counts.recorded, 2);
}

class RefusingGraph final : public CudaGraph {
 public:
  void record(const std::function<void()>&) override {
    throw std::runtime_error("operation not permitted\nstack trace");
  }
  void replay() override { FAIL() << "nothing was recorded"; }
};

TEST(GraphedStep, SaysWhyNothingIsRecordedAndLeavesTheStepsToTheCaller) {
  int asked = 0;
  GraphedStep step([](const Batch&, RunningMetrics&) {},
                   [&] {
                     ++asked;
                     return std::make_unique<RefusingGraph>();
                   });
  RunningMetrics metrics;
  for (int i = 0; i < 8; ++i) EXPECT_FALSE(step.replay(batch_of(4), metrics));
  EXPECT_EQ(step.refusal(), "operation not permitted");
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(metrics.samples, 0);
}

TEST(StepEngine, TrainsOnWhereRecordingFails) {
  Trained plain, refused;
  refused.engine->record_steps(
      [] { return std::make_unique<RefusingGraph>(); });
  std::vector<double> expected, found;
  two_epochs(plain, expected);
  two_epochs(refused, found);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(refused.engine->graph_refusal(), "operation not permitted");
}

}  // namespace
}  // namespace fer
