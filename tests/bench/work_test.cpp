#include "bench/work.h"

#include <gtest/gtest.h>

#include "models/registry.h"

namespace fer {
namespace {

// Multiply-adds of Fernet's layers on 48 x 48 x 1: k^2 in out pixels.
constexpr int64_t kFirst = 25 * 1 * 32 * 48 * 48;
constexpr int64_t kConvolutions = kFirst + 25 * 32 * 32 * 48 * 48 +           //
                                  (9 * 32 * 64 + 9 * 64 * 64) * 24 * 24 +     //
                                  (9 * 64 * 128 + 9 * 128 * 128) * 12 * 12 +  //
                                  (9 * 128 * 256 + 9 * 256 * 256) * 6 * 6;
constexpr int64_t kDense = 2304 * 512 + 512 * 128 + 128;
constexpr int64_t kForward = kConvolutions + kDense;

ModelPtr fernet() { return make_model(ModelConfig{}, {1, 48, 2}, 1); }

TEST(Work, OfTrainingIsThreeForwardPassesLessTheFirstInput) {
  const Work work = count_work(*fernet(), {1, 48, 2});
  EXPECT_EQ(work.forward, kForward);
  EXPECT_EQ(work.training, 3 * kForward - kFirst);
  EXPECT_EQ(work.layers.at("block1_conv1"), kFirst);
}

TEST(Work, LeavesOutWhatIsFrozen) {
  const ModelPtr model = fernet();
  for (auto& [name, tensor] : named_parameters(*model))
    tensor.set_requires_grad(!name.starts_with("block"));
  // Forward, then the dense layers' weights and inputs; dense1 is the first
  // that trains: no gradient of its input.
  EXPECT_EQ(count_work(*model, {1, 48, 2}).training,
            kForward + kDense + (512 * 128 + 128));
}

TEST(Work, OfFixedWeightsIsOneForwardPass) {
  const ModelPtr model = fernet();
  for (auto& tensor : model->parameters()) tensor.set_requires_grad(false);
  EXPECT_EQ(count_work(*model, {1, 48, 2}).training, kForward);
}

TEST(Work, OfAttentionHasTwoGradientsWithoutWeights) {
  ModelConfig config;
  config.name = "vit_tiny";
  const ModelShape shape{1, 48, 2};
  const ModelPtr model = make_model(config, shape, 1);
  const Work work = count_work(*model, shape);
  // Only the first layer's input needs no gradient.
  EXPECT_GT(work.training, 2.9 * static_cast<double>(work.forward));
  EXPECT_LE(work.training, 3 * work.forward);
}

}  // namespace
}  // namespace fer
