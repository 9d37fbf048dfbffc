// A masked autoencoder under the trainer's own engine.
#include "train/autoencoding.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/temporary_folder.h"
#include "data/source.h"
#include "train/fine_tune.h"
#include "train/step_engine.h"

namespace fer {
namespace {

/// Drawn faces of 16 x 16 in patches of 4: sixteen, four of them visible.
Config small_config() {
  Config config;
  config.experiment.seed = 5;
  config.data.source = SourceKind::kSynthetic;
  config.data.classes = {"happy", "sad"};
  config.data.image_size = 16;
  config.data.synthetic.images = 32;
  config.data.cache.clear();
  config.model.name = "vit_tiny";
  config.model.vit.patch_size = 4;
  config.callbacks.model_checkpoint->monitor = "val_loss";
  config.pretrain.decoder_width = 32;
  config.pretrain.decoder_depth = 1;
  config.optimizer.name = OptimizerKind::kAdam;
  config.optimizer.learning_rate = 1e-3;
  return config;
}

std::vector<int64_t> first_rows(int64_t n) {
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < n; ++i) rows.push_back(i);
  return rows;
}

/// What the trainer puts together around the task.
struct Bench {
  explicit Bench(const Config& config)
      : images(load_images(config.data, /*quiet=*/true)),
        task(autoencoding_task(config, images)),
        fine_tune(task.fine_tune, config.model.name, *task.model, 99),
        optimizer(config.optimizer, named_parameters(*task.model)),
        engine(*task.model, optimizer, std::move(task.objective), config.train,
               torch::kCPU),
        batches(images, first_rows(static_cast<int64_t>(images.size())), 16,
                torch::kCPU) {
    batches.hide_patches(task.patches);
  }
  RunningMetrics epoch(int number) {
    batches.begin_epoch(5, static_cast<uint32_t>(number), {});
    fine_tune.begin_epoch(number);
    RunningMetrics metrics;
    for (int64_t i = 0; i < batches.count(); ++i)
      engine.train(batches.get(i), i + 1 == batches.count(), metrics);
    return metrics;
  }

  ImageSet images;
  Task task;
  FineTune fine_tune;
  Optimizer optimizer;
  StepEngine engine;
  Batches batches;
};

TEST(Autoencoding, LearnsToDrawAFewPicturesAndCountsNoAnswers) {
  Config config = small_config();
  config.pretrain.normalise_target = false;
  Bench bench(config);
  const torch::Tensor positions =
      bench.task.model->named_parameters()["pos_embed"].detach().clone();
  const double first = bench.epoch(1).loss();
  RunningMetrics last;
  for (int i = 2; i <= 25; ++i) last = bench.epoch(i);
  EXPECT_LT(last.loss(), first / 2);
  EXPECT_TRUE(std::isnan(last.accuracy()));
  RunningMetrics scored;
  bench.engine.score(bench.batches.get(0), scored);
  EXPECT_LT(scored.loss(), first / 2);
  // Fixed, as in the original.
  EXPECT_TRUE(
      bench.task.model->named_parameters()["pos_embed"].equal(positions));
}

TEST(Autoencoding, HidesOtherPatchesInEachImageAndEpoch) {
  const Config config = small_config();
  Bench bench(config), again(config);
  const torch::Tensor still = bench.batches.get(0).visible;
  EXPECT_EQ(still.sizes().vec(), (std::vector<int64_t>{16, 4}));
  EXPECT_FALSE(still[0].equal(still[1]));
  EXPECT_TRUE(still.equal(again.batches.get(0).visible));
  std::vector<torch::Tensor> epochs;
  for (const uint32_t epoch : {1u, 2u, 1u}) {
    bench.batches.begin_epoch(5, epoch, {});
    const torch::Tensor all =
        at::cat({bench.batches.get(0).visible, bench.batches.get(1).visible});
    // In the order of the images, not of the epoch.
    epochs.push_back(
        std::get<0>(all.mul(torch::tensor({4096, 256, 16, 1}, torch::kLong))
                        .sum(1)
                        .sort()));
  }
  EXPECT_FALSE(epochs[0].equal(epochs[1]));
  EXPECT_TRUE(epochs[0].equal(epochs[2]));
}

TEST(Autoencoding, StartsFromTheSeed) {
  Config config = small_config();
  const ModelShape shape{1, 16, 2};
  const auto a = make_autoencoder(config, shape),
             b = make_autoencoder(config, shape);
  config.experiment.seed = 6;
  const auto other = make_autoencoder(config, shape);
  const auto token = [](const auto& model) {
    return model->named_parameters()["decoder.mask_token"];
  };
  EXPECT_TRUE(token(a).equal(token(b)));
  EXPECT_FALSE(token(a).equal(token(other)));
  EXPECT_GT(token(a).abs().max().template item<float>(), 0.0f);
}

std::string refusal(const Config& config) {
  const ImageSet images = load_images(config.data, /*quiet=*/true);
  return error_text([&] { autoencoding_task(config, images); });
}

TEST(Autoencoding, RefusesSettingsThatSpeakOfLabels) {
  Config config = small_config();
  config.callbacks.model_checkpoint->monitor = "val_accuracy";
  EXPECT_EQ(refusal(config),
            "[pretrain] expected callbacks that watch a loss, for there are no "
            "answers to count; got val_accuracy "
            "(callbacks.model_checkpoint.monitor). Write val_loss.");
  config = small_config();
  config.train.label_smoothing = 0.1;
  EXPECT_EQ(refusal(config),
            "[pretrain] expected no label smoothing, for labels do not count; "
            "got 0.1 (train.label_smoothing). Write 0.");
  config = small_config();
  config.train.class_weights = ClassWeights::kBalanced;
  EXPECT_EQ(refusal(config),
            "[pretrain] expected no class weights, for labels do not count; "
            "got balanced (train.class_weights). Write none.");
}

}  // namespace
}  // namespace fer
