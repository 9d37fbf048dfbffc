#include "models/vit.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/json.h"
#include "core/temporary_folder.h"
#include "keras_tensors.h"
#include "models/attention.h"
#include "models/distance.h"
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

/// vit_tiny for gray pictures of 16x16 in patches of 8: five tokens.
ModelPtr small_vit(std::vector<double> dropout = {}) {
  ModelConfig config = named("vit_tiny");
  config.vit.patch_size = 8;
  config.dropout = std::move(dropout);
  return make_model(config, {1, 16, 7}, 1);
}

torch::Tensor pictures(int64_t n) {
  return hash_units(n * 256, 1000).to(torch::kFloat).reshape({n, 1, 16, 16});
}

TEST(Vit, HasTimmsParameterCounts) {
  // timm 1.0.31, vit_{base,small,tiny}_patch16_224 with num_classes=7.
  const std::pair<const char*, int64_t> expected[] = {
      {"vit_b16", 85804039}, {"vit_s16", 21668359}, {"vit_tiny", 5525767}};
  for (const auto& [name, count] : expected) {
    const ModelEntry& entry = find_model(name);
    const ModelPtr model = entry.make(named(name), entry.reference_shape);
    int64_t parameters = 0;
    for (const auto& p : model->parameters()) parameters += p.numel();
    EXPECT_EQ(parameters, count) << name;
  }
}

TEST(Vit, CountsItsWork) {
  const ModelPtr model = small_vit();
  const ModelSummary summary = summarise(*model, {1, 16, 7});
  // Patches: 4 * 192 * 64. A block: 5 tokens through 12 * 192^2 weights, and
  // two products over 5 * 5 pairs of 192 values. Head: 192 * 7.
  EXPECT_EQ(
      summary.multiply_adds,
      4 * 192 * 64 + 12 * (5 * 12 * 192 * 192 + 2 * 5 * 5 * 192) + 192 * 7);
}

TEST(Vit, AnswersEachPictureAlone) {
  const ModelPtr model = small_vit();
  model->eval();
  const torch::NoGradGuard guard;
  const torch::Tensor three = model->forward(pictures(3));
  const torch::Tensor one = model->forward(pictures(3).narrow(0, 2, 1));
  EXPECT_TRUE(at::allclose(three.narrow(0, 2, 1), one, 1e-5, 1e-6));
  EXPECT_FALSE(at::allclose(three[0], three[2], 1e-5, 1e-6));
}

TEST(Vit, IsTracedForEveryBatchSize) {
  const ModelPtr model = small_vit();
  const torch::Tensor traced = traced_logits(*model, pictures(5));
  EXPECT_TRUE(at::allclose(traced, model->forward(pictures(5)), 1e-5, 1e-6));
}

TEST(Vit, DropsInTrainingOnly) {
  const torch::NoGradGuard guard;
  const torch::Tensor x = pictures(4);
  const ModelPtr none = small_vit();
  none->eval();
  const torch::Tensor still = none->forward(x);
  // Each rate on its own changes the answers of training.
  for (size_t i = 0; i < 3; ++i) {
    std::vector<double> rates(3, 0.0);
    rates[i] = 0.5;
    const ModelPtr model = small_vit(rates);
    model->eval();
    EXPECT_TRUE(still.equal(model->forward(x))) << i;
    model->train();
    EXPECT_FALSE(at::allclose(still, model->forward(x))) << i;
  }
}

TEST(Vit, RefusesPicturesThatPatchesDoNotFill) {
  ModelConfig config = named("vit_tiny");
  config.vit.patch_size = 20;
  EXPECT_EQ(error_text([&] {
              make_vit_tiny(config, {1, 48, 2});
            }),
            "[vit_tiny] expected an image size that is a multiple of the patch "
            "size 20; got 48x48 pixels (data.image_size, "
            "model.vit.patch_size). Take patches of 16 pixels.");
  config.vit.patch_size = 64;
  EXPECT_EQ(error_text([&] {
              make_vit_tiny(config, {1, 48, 2});
            }),
            "[vit_tiny] expected an image size that is a multiple of the patch "
            "size 64; got 48x48 pixels (data.image_size, "
            "model.vit.patch_size). Take patches of 48 pixels.");
}

TEST(Vit, RefusesASmallStem) {
  ModelConfig config = named("vit_s16");
  config.stem = Stem::kSmall;
  EXPECT_EQ(error_text([&] {
              make_vit_s16(config, {1, 48, 2});
            }),
            "[vit_s16] expected the reference stem, the network has no other; "
            "got 'small' (model.stem). Take a smaller model.vit.patch_size.");
}

TEST(Vit, RefusesAnotherNumberOfDropoutRates) {
  ModelConfig config = named("vit_tiny");
  config.dropout = {0.1};
  EXPECT_EQ(error_text([&] {
              make_vit_tiny(config, {1, 48, 2});
            }),
            "[vit_tiny] expected 3 dropout rates (tokens, stochastic depth, "
            "before the head); got 1 (model.dropout). Leave it out for the "
            "model's own.");
}

// torch's fused attention and products over all heads: the same function.
TEST(Attention, HasTheSameAnswerAndGradientsByProductsAsByTorchs) {
  const TransformerOptions options{
      .width = 12, .heads = 3, .epsilon = 1e-6, .dropout = 0};
  for (const auto type : {torch::kDouble, torch::kBFloat16}) {
    Attention attention(options);
    attention.to(torch::kDouble);
    {
      const torch::NoGradGuard guard;
      for (torch::Tensor& p : attention.parameters())
        p.copy_(golden_values(p.sizes(), 0.3, torch::kBFloat16));
    }
    const torch::Tensor x = golden_values({2, 5, 12}, 0.1, torch::kBFloat16);
    const torch::Tensor towards =
        golden_values({2, 5, 12}, 0.7, torch::kBFloat16);
    const auto gradients = [&](bool by_products) {
      attention.to(by_products ? type : torch::kDouble);
      const auto p = attention.parameters();  // qkv, proj: weight and bias
      torch::Tensor y;
      if (by_products) {
        y = attention.forward(x.to(type));
      } else {
        const auto qkv = at::linear(x.to(torch::kDouble), p[0], p[1])
                             .reshape({2, 5, 3, 3, 4})
                             .permute({2, 0, 3, 1, 4});
        y = at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2])
                .transpose(1, 2)
                .reshape({2, 5, 12});
        y = at::linear(y, p[2], p[3]);
      }
      attention.zero_grad();
      (y * towards).sum().backward();
      std::vector<torch::Tensor> all{y.detach()};
      for (const torch::Tensor& parameter : p) all.push_back(parameter.grad());
      return all;
    };
    const auto exact = gradients(false), ours = gradients(true);
    for (size_t i = 0; i < exact.size(); ++i) {
      EXPECT_LE((ours[i] - exact[i]).abs().max().item<double>(),
                (type == torch::kDouble ? 1e-14 : 0.03) *
                    (1 + exact[i].abs().max().item<double>()))
          << "part " << i << ", " << type;
    }
    const torch::NoGradGuard guard;  // torch's
    EXPECT_TRUE(
        attention.forward(x.to(type))
            .to(torch::kDouble)
            .allclose(exact[0], 0.03, type == torch::kDouble ? 0 : 0.03));
  }
}

TEST(LayerNorm, HasMeanZeroAndVarianceOneBeforeItsWeights) {
  LayerNorm norm(4, 1.0);
  // Mean 3, variance (4 + 0 + 0 + 4) / 4 = 2, with epsilon 3: +-2 / sqrt(3).
  const torch::Tensor y = norm(torch::tensor({{1.0f, 3.0f, 3.0f, 5.0f}}));
  EXPECT_NEAR(y[0][0].item<double>(), -2 / std::sqrt(3.0), 1e-6);
  EXPECT_NEAR(y[0][1].item<double>(), 0, 1e-6);
  EXPECT_NEAR(y[0][3].item<double>(), 2 / std::sqrt(3.0), 1e-6);
}

TEST(Gelu, IsExact) {
  // 1 * Phi(1) = 0.841344746; the approximation by tanh gives 0.841191991.
  EXPECT_NEAR(Gelu()(torch::ones({1}, torch::kDouble)).item<double>(),
              0.8413447460685429, 1e-15);
}

TEST(StochasticDepth, DropsWholeRowsAndScalesTheOthers) {
  torch::manual_seed(1);
  StochasticDepth layer(0.25);
  const torch::Tensor x = torch::ones({4000, 2, 3});
  const torch::Tensor y = layer(x);
  const torch::Tensor kept = y.flatten(1).amax(1);
  EXPECT_TRUE(y.flatten(1).amin(1).equal(kept));
  EXPECT_TRUE(
      kept.eq(0).logical_or((kept - 4.0 / 3).abs() < 1e-6).all().item<bool>());
  // Five standard errors: 5 * sqrt(0.25 * 0.75 / 4000) = 0.034.
  EXPECT_NEAR(kept.eq(0).to(torch::kDouble).mean().item<double>(), 0.25, 0.034);
  layer.eval();
  EXPECT_TRUE(layer(x).equal(x));
}

TEST(DepthRate, GrowsFromZero) {
  EXPECT_EQ(depth_rate(0.2, 0, 4), 0);
  EXPECT_DOUBLE_EQ(depth_rate(0.2, 1, 4), 0.05);
  EXPECT_DOUBLE_EQ(depth_rate(0.2, 4, 4), 0.2);
  EXPECT_EQ(depth_rate(0.2, 0, 0), 0);
}

TEST(ResizePositions, GivesTimmsGrids) {
  const Json json =
      read_json(FERBENCH_TEST_DIR "/reference/zoo/positions.json");
  uint32_t t = 0;
  for (const Json& row : json["cases"]) {
    const int64_t from = row["from"], to = row["to"], width = row["width"];
    const torch::Tensor grid =
        (2.0 * hash_units((1 + from * from) * width, t++) - 1.0)
            .to(torch::kFloat)
            .reshape({1, -1, width});
    const torch::Tensor resized = resize_positions(grid, from, to);
    const torch::Tensor expected =
        torch::tensor(row["expected"].get<std::vector<double>>(), torch::kFloat)
            .reshape({1, 1 + to * to, width});
    EXPECT_TRUE(at::allclose(resized, expected, 1e-6, 1e-6)) << from;
    EXPECT_TRUE(resized.select(1, 0).equal(grid.select(1, 0))) << from;
  }
}

TEST(ResizePositions, LeavesTheSameGridAlone) {
  const torch::Tensor grid = at::rand({1, 10, 4}, torch::kDouble);
  EXPECT_TRUE(resize_positions(grid, 3, 3).equal(grid));
}

TEST(ResizePositions, KeepsTheType) {
  const torch::Tensor grid = at::rand({1, 10, 4}, torch::kDouble);
  EXPECT_EQ(resize_positions(grid, 3, 2).scalar_type(), torch::kDouble);
}

TEST(ResizePositions, RefusesAnotherShape) {
  const torch::Tensor grid = torch::zeros({1, 9, 4});
  EXPECT_EQ(error_text([&] { resize_positions(grid, 3, 5); }),
            "[vit] expected positions [1, 1 + 3 * 3, width] and grids of at "
            "least 1; got [1, 9, 4] for a grid of 5 (pos_embed). Check the "
            "patch size and the image size of the weights.");
  EXPECT_THROW(resize_positions(torch::zeros({10, 4}), 3, 5), DataError);
  EXPECT_THROW(resize_positions(torch::zeros({1, 10, 4}), 3, 0), DataError);
}

}  // namespace
}  // namespace fer
