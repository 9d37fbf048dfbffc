#include "models/efficientnet.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "keras_tensors.h"
#include "models/registry.h"
#include "models/summary.h"
#include "open_batch.h"

namespace fer {
namespace {

ModelConfig named(const char* name) {
  ModelConfig config;
  config.name = name;
  return config;
}

torch::Tensor pictures(int64_t n) {
  return hash_units(n * 1024, 1000).to(torch::kFloat).reshape({n, 1, 32, 32});
}

ModelPtr small_b0(std::vector<double> dropout = {}) {
  ModelConfig config = named("efficientnet_b0");
  config.dropout = std::move(dropout);
  return make_model(config, {1, 32, 7}, 1);
}

ModelPtr empty(const char* name, Stem stem = Stem::kReference) {
  ModelConfig config = named(name);
  config.stem = stem;
  return find_model(name).make(config, {3, 48, 7});
}

int64_t count(const std::vector<torch::Tensor>& tensors) {
  int64_t n = 0;
  for (const auto& tensor : tensors) n += tensor.numel();
  return n;
}

int64_t trainable(const char* name) { return count(empty(name)->parameters()); }
int64_t all_values(const char* name) {
  const ModelPtr model = empty(name);
  return count(model->parameters()) + count(model->buffers());
}

std::vector<int64_t> stem_shape(Stem stem) {
  const ModelPtr model = empty("efficientnet_b0", stem);
  return summarise(*model, {3, 48, 7}).layers.front().output_shape;
}

TEST(EfficientNet, HasTheOriginalsParameterCounts) {
  // timm 1.0.31 and torchvision 0.26.0 with seven classes.
  EXPECT_EQ(trainable("efficientnet_b0"), 4016515);
  EXPECT_EQ(trainable("efficientnet_b3"), 10706991);
  // Keras's summary without its top says 10,783,535; seven of them belong to
  // Normalization, and the logits are 1536 * 7 + 7.
  EXPECT_EQ(all_values("efficientnet_b3_keras"), 10783535 - 7 + 10759);
  // Head: 4 * 1536 (BatchNorm), 1536 * 256 + 256, 256 * 7 + 7.
  EXPECT_EQ(all_values("efficientnet_b3_fer"),
            10783535 - 7 + 6144 + 393472 + 1799);
}

TEST(EfficientNet, KeepsTheSizeInASmallStem) {
  EXPECT_EQ(stem_shape(Stem::kReference),
            (std::vector<int64_t>{1, 32, 24, 24}));
  EXPECT_EQ(stem_shape(Stem::kSmall), (std::vector<int64_t>{1, 32, 48, 48}));
}

TEST(EfficientNet, IsTracedForEveryBatchSize) {
  const ModelPtr model = small_b0();
  const torch::Tensor traced = traced_logits(*model, pictures(5));
  EXPECT_TRUE(at::allclose(traced, model->forward(pictures(5)), 1e-5, 1e-6));
}

TEST(EfficientNet, DropsInTrainingOnly) {
  const torch::NoGradGuard guard;
  const torch::Tensor x = pictures(4);
  const ModelPtr none = small_b0({0, 0});
  EXPECT_TRUE(none->forward(x).equal(none->forward(x)));
  for (const auto& rates : {std::vector{0.5, 0.0}, std::vector{0.0, 0.5}}) {
    const ModelPtr model = small_b0(rates);
    EXPECT_FALSE(at::allclose(model->forward(x), model->forward(x)));
    model->eval();
    EXPECT_TRUE(model->forward(x).equal(model->forward(x)));
  }
}

TEST(EfficientNet, RefusesTinyPictures) {
  ModelConfig config = named("efficientnet_b0");
  EXPECT_EQ(error_text([&] {
              make_efficientnet_b0(config, {1, 31, 2});
            }),
            "[efficientnet_b0] expected images of at least 32x32 pixels; got "
            "31x31 (data.image_size). Take larger images.");
}

TEST(EfficientNet, RefusesAnotherNumberOfDropoutRates) {
  ModelConfig config = named("efficientnet_b3_fer");
  config.dropout = {0.45};
  EXPECT_EQ(error_text([&] {
              make_efficientnet_b3_fer(config, {1, 48, 2});
            }),
            "[efficientnet_b3_fer] expected 2 dropout rates (stochastic depth, "
            "before the last layer); got 1 (model.dropout). Leave it out for "
            "the model's own.");
}

}  // namespace
}  // namespace fer
