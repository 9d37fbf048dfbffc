// Recorded steps against steps taken one by one, with a graph that the CPU
// plays; tests/cuda has the same on a GPU.
#include "train/graphed_step.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "emulated_images.h"
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

/// A TinyModel that trains with Keras's Adam.
struct Trained {
  explicit Trained(double clip_norm = 0, int together = 1,
                   torch::ScalarType type = torch::kDouble) {
    TrainConfig config;
    config.channels_last = false;
    config.clip_norm = clip_norm;
    config.cuda_graph_steps = together;
    model = std::make_shared<TinyModel>();
    model->to(type);
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

/// Says nothing of whether it may be recorded.
class Unrecordable final : public Objective {
 public:
  torch::Tensor answer(const Batch&) override { return {}; }
  Verdict judge(const torch::Tensor&, const Batch&) const override {
    return {};
  }
  Verdict score(const torch::Tensor&, const Batch&) const override {
    return {};
  }
};

TEST(GraphedStep, SaysWhyStepsAreNeverRecorded) {
  const auto refusal = [](std::unique_ptr<Objective> objective,
                          int accumulation) {
    TinyModel model;
    Optimizer optimizer(keras_adam(), named_parameters(model));
    TrainConfig config;
    config.gradient_accumulation = accumulation;
    StepEngine engine(model, optimizer, std::move(objective), config,
                      torch::kCPU);
    engine.record_steps(fake_graph);
    return engine.graph_refusal();
  };
  TinyModel model;
  EXPECT_EQ(refusal(std::make_unique<Classification>(model, Loss(0.0, {})), 2),
            "train.gradient_accumulation is above 1");
  EXPECT_EQ(refusal(std::make_unique<Unrecordable>(), 1),
            "this kind of training is not recorded");
}

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

TEST(GraphedStep, WarmsUpRecordsOnceAndRepeats) {
  Counts counts;
  GraphedStep step([](RunningMetrics&) {}, torch::kCPU,
                   [&] { return std::make_unique<CountingGraph>(counts); });
  RunningMetrics metrics;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(step.ready());
  EXPECT_EQ(counts.recorded, 0);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(step.ready());
    step.replay(4, metrics);
  }
  EXPECT_EQ(counts.recorded, 1);
  EXPECT_EQ(counts.replayed, 5);
  EXPECT_EQ(metrics.samples, 20);

  step.forget();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(step.ready());
  EXPECT_TRUE(step.ready());
  EXPECT_EQ(counts.recorded, 2);
}

TEST(FixedBatch, TakesBatchesOfTheFirstOnesSize) {
  FixedBatch fixed;
  ASSERT_TRUE(fixed.fits({tiny_images(4), tiny_labels(4)}));
  const void* place = fixed.get().images.data_ptr();
  const torch::Tensor others = tiny_images(8).slice(0, 4);
  ASSERT_TRUE(fixed.fits({others, tiny_labels(4)}));
  fixed.put({others, tiny_labels(4)});
  EXPECT_TRUE(fixed.get().images.equal(others));
  EXPECT_EQ(fixed.get().images.data_ptr(), place);
  EXPECT_FALSE(fixed.fits({tiny_images(3), tiny_labels(3)}));
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
  GraphedStep step([](RunningMetrics&) {}, torch::kCPU,
                   [&] {
                     ++asked;
                     return std::make_unique<RefusingGraph>();
                   });
  for (int i = 0; i < 8; ++i) EXPECT_FALSE(step.ready());
  EXPECT_EQ(step.refusal(), "operation not permitted");
  EXPECT_EQ(asked, 1);
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

/// Fails while a step is recorded, when its last layers have their gradients.
class BreakingGraph final : public CudaGraph {
 public:
  explicit BreakingGraph(bool& recording) : recording_(recording) {}
  void record(const std::function<void()>& work) override {
    recording_ = true;
    try {
      work();
    } catch (...) {
      recording_ = false;
      throw;
    }
  }
  void replay() override { FAIL() << "nothing was recorded"; }

 private:
  bool& recording_;
};

TEST(StepEngine, KeepsNoGradientOfAStepThatCouldNotBeRecorded) {
  Trained plain, broken;
  bool recording = false;
  broken.model->parameters().front().register_hook(
      [&](const torch::Tensor& gradient) {
        if (recording) throw std::runtime_error("out of memory");
        return gradient;
      });
  broken.engine->record_steps(
      [&] { return std::make_unique<BreakingGraph>(recording); });
  std::vector<double> expected, found;
  two_epochs(plain, expected);
  two_epochs(broken, found);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(broken.engine->graph_refusal(), "out of memory");
}

/// Images for the model above that lie on the device: steps are recorded with
/// their data, `together` at a time.
struct Fed : Trained {
  explicit Fed(int together, bool recorded, GraphedStep::NewGraph graph)
      : Trained(0, together, torch::kFloat) {
    std::generate(pixels.begin(), pixels.end(),
                  [v = 0u]() mutable { return uint8_t(v += 37); });
    images.height = images.width = 8;
    images.class_names = {"a", "b"};
    for (int64_t i = 0; i < kImages; ++i) images.labels.push_back(i % 2);
    images.pixels = pixels.data();
    std::vector<int64_t> rows(kImages);
    std::iota(rows.begin(), rows.end(), 0);
    batches = std::make_unique<Batches>(images, rows, kSize, torch::kCPU,
                                        emulated_images(images, false));
    if (recorded) engine->record_steps(std::move(graph), batches.get());
  }

  /// Three epochs, the learning rate falling; the losses, and how many steps
  /// were taken at a time.
  void train() {
    AugmentSettings augment;
    augment.mixup = 0.4f;
    for (uint32_t epoch = 1; epoch <= 3; ++epoch) {
      batches->begin_epoch(42, epoch, augment);
      RunningMetrics metrics;
      for (int64_t i = 0; i < batches->count();) {
        taken.push_back(engine->train(*batches, i, metrics));
        i += taken.back();
      }
      losses.push_back(metrics.loss());
      accuracies.push_back(metrics.accuracy());
      EXPECT_EQ(metrics.samples, kImages);
      optimizer->set_learning_rate(0.01 / (1 + epoch));
    }
  }

  static constexpr int64_t kImages = 10 * kSize + 3;
  std::vector<uint8_t> pixels = std::vector<uint8_t>(kImages * 64);
  ImageSet images;
  std::unique_ptr<Batches> batches;
  std::vector<double> losses, accuracies;
  std::vector<int64_t> taken;
};

TEST(FedSteps, TrainAsStepsTakenOneByOne) {
  Fed plain(1, false, fake_graph);
  plain.train();
  for (const int together : {1, 3, 4}) {
    Fed fed(together, true, fake_graph);
    fed.train();
    EXPECT_EQ(fed.losses, plain.losses) << together;
    EXPECT_EQ(fed.accuracies, plain.accuracies) << together;
    EXPECT_TRUE(torch::equal(flat_parameters(*fed.model),
                             flat_parameters(*plain.model)));
    EXPECT_EQ(fed.optimizer->steps(), 33);
    EXPECT_EQ(fed.engine->graph_refusal(), "");
  }
}

TEST(FedSteps, GoTogetherAndTheRestOneByOne) {
  Fed fed(4, true, fake_graph);
  fed.train();
  // Three to warm up, 4, then what fills no four; and the smaller last one.
  EXPECT_EQ(std::vector<int64_t>(fed.taken.begin(), fed.taken.begin() + 8),
            (std::vector<int64_t>{1, 1, 1, 4, 1, 1, 1, 1}));
  EXPECT_EQ(std::vector<int64_t>(fed.taken.begin() + 8, fed.taken.begin() + 13),
            (std::vector<int64_t>{4, 4, 1, 1, 1}));
}

TEST(FedSteps, SayWhyNoneIsRecordedWhereAnEpochIsTooShort) {
  Fed fed(11, true, fake_graph);
  fed.train();
  EXPECT_EQ(
      fed.engine->graph_refusal(),
      "an epoch has 10 whole batches, fewer than train.cuda_graph_steps: 11");
}

TEST(FedSteps, GoOneByOneWhereRecordingFails) {
  Fed plain(1, false, fake_graph);
  Fed refused(4, true, [] { return std::make_unique<RefusingGraph>(); });
  plain.train();
  refused.train();
  EXPECT_EQ(refused.losses, plain.losses);
  EXPECT_EQ(refused.engine->graph_refusal(), "operation not permitted");
}

}  // namespace
}  // namespace fer
