#include "eval/explain.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "data/face.h"
#include "models/layers.h"
#include "models/registry.h"

namespace fer {
namespace {

torch::Tensor matrix(std::vector<float> values, int64_t columns) {
  return torch::tensor(values).reshape({-1, columns});
}

void expect_near(const torch::Tensor& value, const torch::Tensor& expected) {
  ASSERT_EQ(value.sizes(), expected.sizes());
  EXPECT_LT((value - expected).abs().max().item<float>(), 1e-4f) << value;
}

TEST(GradCam, IsTheHandComputation) {
  // Means of the gradients: 0.5 and -2. relu(0.5 A1 - 2 A2):
  // 0.5 - 2, 1 - 0; 1.5 - 0, 2 - 2.
  const torch::Tensor activation =
      torch::stack({matrix({1, 2, 3, 4}, 2), matrix({1, 0, 0, 1}, 2)});
  const torch::Tensor gradient =
      torch::stack({matrix({2, 0, 0, 0}, 2), matrix({-2, -2, -2, -2}, 2)});
  expect_near(class_activation(activation, gradient),
              matrix({0, 1, 1.5, 0}, 2));
}

TEST(AttentionRollout, IsTheHandComputation) {
  // (A1 + I) / 2 = [1 0; 1/4 3/4], (A2 + I) / 2 = [1/2 1/2; 1/2 1/2]; the
  // second times the first. The other way round it would be 1/2 everywhere.
  expect_near(
      attention_rollout({matrix({1, 0, 0.5, 0.5}, 2), matrix({0, 1, 1, 0}, 2)}),
      matrix({0.625, 0.375, 0.625, 0.375}, 2));
}

/// relu(x) and relu(1 - x), their means, and a row of weights for each logit.
class TwoMaps final : public Model {
 public:
  explicit TwoMaps(const torch::Tensor& rows) {
    const torch::NoGradGuard guard;
    conv_ = register_module("conv",
                            std::make_shared<Conv2d>(Conv2d::Options{
                                .in = 1, .out = 2, .kernel = 1, .relu = true}));
    dense_ = register_module("dense", std::make_shared<Dense>(Dense::Options{
                                          .in = 2, .out = rows.size(0)}));
    conv_->named_parameters()["weight"].copy_(
        torch::tensor({1.0f, -1.0f}).reshape({2, 1, 1, 1}));
    conv_->named_parameters()["bias"].copy_(torch::tensor({0.0f, 1.0f}));
    dense_->named_parameters()["weight"].copy_(rows);
    eval();
  }
  torch::Tensor forward(const torch::Tensor& images) override {
    return (*dense_)(pool_((*conv_)(images)));
  }

 private:
  std::shared_ptr<Conv2d> conv_;
  GlobalPool2d pool_{Pooling::kAverage};
  std::shared_ptr<Dense> dense_;
};

// The maps of [0 1; 1/2 0] are [0 1; 1/2 0] and [1 0; 1/2 1].
torch::Tensor small_picture() {
  return matrix({0, 1, 0.5, 0}, 2).reshape({1, 1, 2, 2});
}

TEST(Explain, WeighsTheMapsOfASmallNetworkByTheClass) {
  TwoMaps model(matrix({0, 0, -1, 1, 2, -1}, 2));
  // 2 A1 - A2 = [-1 2; 1/2 -1], over its maximum 2.
  const Explanation third = explain(model, small_picture(), 2);
  expect_near(third.map, matrix({0, 1, 0.25, 0}, 2));
  EXPECT_EQ(third.method, "Grad-CAM");
  EXPECT_EQ(third.layer, "conv");
  // A2 - A1 = [1 -1; 0 1].
  expect_near(explain(model, small_picture(), 1).map, matrix({1, 0, 0, 1}, 2));
  // Nothing depends on it.
  expect_near(explain(model, small_picture(), 0).map, torch::zeros({2, 2}));
  // Logits 0, 0.25, 0.125: the means of the maps are 0.375 and 0.625.
  const Explanation likely = explain(model, small_picture(), {});
  EXPECT_EQ(likely.label, 1);
  EXPECT_NEAR(likely.probabilities[1],
              std::exp(0.25) / (1 + std::exp(0.25) + std::exp(0.125)), 1e-6);
}

TEST(Explain, TakesASingleLogitForBothClasses) {
  TwoMaps model(matrix({2, -1}, 2));
  expect_near(explain(model, small_picture(), 1).map,
              matrix({0, 1, 0.25, 0}, 2));
  // A2 - 2 A1 = [1 -2; -1/2 1].
  expect_near(explain(model, small_picture(), 0).map, matrix({1, 0, 0, 1}, 2));
}

TEST(Explain, LooksAtTheLastPlaneOfEachModel) {
  struct Case {
    const char* model;
    int64_t size;
    const char *layer, *method;
    int64_t side;
  };
  for (const Case& c : {Case{"fernet", 48, "block4_bn2", "Grad-CAM", 6},
                        Case{"resnet18", 64, "layer4.1", "Grad-CAM", 2},
                        Case{"resnet50v2", 64, "post_relu", "Grad-CAM", 2},
                        Case{"efficientnet_b0", 64, "act2", "Grad-CAM", 2},
                        Case{"vit_tiny", 48, "blocks.0 to blocks.11",
                             "attention rollout", 3}}) {
    ModelConfig config;
    config.name = c.model;
    const ModelPtr model = make_model(config, {1, c.size, 7}, 1);
    model->eval();
    const Explanation found =
        explain(*model, torch::full({1, 1, c.size, c.size}, 0.5f), 3);
    EXPECT_EQ(found.layer, c.layer) << c.model;
    EXPECT_EQ(found.method, c.method) << c.model;
    EXPECT_EQ(found.map.sizes().vec(), (std::vector<int64_t>{c.side, c.side}))
        << c.model;
    EXPECT_GE(found.map.min().item<float>(), 0) << c.model;
    EXPECT_LE(found.map.max().item<float>(), 1) << c.model;
  }
}

/// Two by two patches of 8 pixels. Patch embeddings hold the light of the left
/// half and of the right half; every token asks for the former in head 0, all
/// else is 0, so that tokens stay as they are from block to block.
ModelPtr planted_vit() {
  ModelConfig config;
  config.name = "vit_tiny";
  config.vit.patch_size = 8;
  const ModelPtr model = make_model(config, {1, 16, 7}, 1);
  const torch::NoGradGuard guard;
  for (const auto& [name, tensor] : named_tensors(*model)) {
    tensor.zero_();
    if (name.ends_with("norm1.weight")) tensor.fill_(1);
    if (name.ends_with("qkv.bias")) tensor[0] = 1;         // the question
    if (name.ends_with("qkv.weight")) tensor[192][0] = 1;  // the answer
    if (name != "patch_embed.proj.weight") continue;
    tensor[0].narrow(2, 0, 4).fill_(1);
    tensor[1].narrow(2, 4, 4).fill_(1);
  }
  model->eval();
  return model;
}

TEST(Explain, FollowsPlantedAttention) {
  const ModelPtr model = planted_vit();
  torch::Tensor image = torch::zeros({1, 1, 16, 16});
  image[0][0].narrow(0, 0, 8).narrow(1, 8, 4).fill_(1);  // top right, half
  image[0][0].narrow(0, 8, 8).narrow(1, 0, 8).fill_(1);  // bottom left, whole
  // LayerNorm of m equal values among 192 is sqrt((192 - m) / m) there, heads
  // are 64 wide: scores sqrt(191) / 8, sqrt(95) / 8 and 0. All rows of the
  // attention are one row p, so rollout of n blocks is 2^-n I + (1 - 2^-n) 1 p;
  // from least to largest patch only exp(score) remains.
  const double half = std::exp(std::sqrt(191.0) / 8);
  const double whole = std::exp(std::sqrt(95.0) / 8);
  const auto share = static_cast<float>((whole - 1) / (half - 1));
  expect_near(explain(*model, image, {}).map, matrix({0, 1, share, 0}, 2));
}

TEST(Explain, RefusesAModelWithoutAPlane) {
  class Flat final : public Model {
   public:
    Flat() {
      dense_ = register_module(
          "dense", std::make_shared<Dense>(Dense::Options{.in = 4, .out = 1}));
    }
    torch::Tensor forward(const torch::Tensor& images) override {
      return (*dense_)(images.flatten(1));
    }
    std::shared_ptr<Dense> dense_;
  } model;
  EXPECT_EQ(error_text([&] { explain(model, small_picture(), {}); }),
            "[explain] expected a model with attention or with a convolution "
            "whose output is wider than a pixel; got neither. Take larger "
            "images.");
}

TEST(Overlay, PaintsHeatOverThePicture) {
  const Image picture{400, 400, 1, std::vector<uint8_t>(160'000, 100)};
  const auto first = [&](float value) {
    const Image heat = overlay(picture, torch::full({1, 1}, value));
    EXPECT_EQ(heat.channels, 3);
    return std::vector<int>(heat.pixels.begin(), heat.pixels.begin() + 3);
  };
  EXPECT_EQ(first(0), (std::vector<int>{100, 100, 100}));
  // 100 + 0.6 (colour - 100) for yellow, then 0.3 of the way to red.
  EXPECT_EQ(first(1), (std::vector<int>{193, 193, 40}));
  EXPECT_EQ(first(0.5), (std::vector<int>{147, 70, 70}));
}

TEST(Overlay, EnlargesSmallPictures) {
  const Image picture{48, 48, 3, std::vector<uint8_t>(48 * 48 * 3, 9)};
  const Image heat = overlay(picture, torch::zeros({6, 6}));
  EXPECT_EQ(heat.width, 336);
  EXPECT_EQ(heat.height, 336);
  EXPECT_EQ(heat.pixels.size(), 336u * 336 * 3);
}

// A drawn face of 32 pixels, the mouth shut or open, all else the same.
constexpr int64_t kSide = 32;

torch::Tensor drawn_face(float open) {
  Philox random(1, 0, 0, Purpose::kInit);
  Face face = make_face(Emotion::kNeutral, 0, random);
  face.expression = {};
  face.expression.open = open;
  face.pose = {};
  face.beard = face.glasses = false;
  std::vector<uint8_t> pixels = draw_face(face, kSide, 0, random);
  return torch::from_blob(pixels.data(), {1, 1, kSide, kSide}, torch::kByte)
             .to(torch::kFloat) /
         255;
}

// The mouth: 11 by 11 pixels around row 22, column 16.
torch::Tensor mouth_of(const torch::Tensor& plane) {
  return plane.narrow(-2, 17, 11).narrow(-1, 11, 11);
}

/// One convolution that answers where it sees an open mouth rather than a shut
/// one: the matched filter, halfway between the two.
class MouthFilter final : public Model {
 public:
  MouthFilter(const torch::Tensor& shut, const torch::Tensor& open) {
    const torch::NoGradGuard guard;
    conv_ = register_module(
        "conv", std::make_shared<Conv2d>(Conv2d::Options{
                    .in = 1, .out = 1, .kernel = 11, .relu = true}));
    dense_ = register_module(
        "dense", std::make_shared<Dense>(Dense::Options{.in = 1, .out = 1}));
    torch::Tensor filter = mouth_of(open - shut);
    filter = filter - filter.mean();  // blind to brightness
    const torch::Tensor middle = (filter * mouth_of(open + shut)).sum() / 2;
    conv_->named_parameters()["weight"].copy_(filter);
    conv_->named_parameters()["bias"].copy_(-middle.reshape({1}));
    dense_->named_parameters()["weight"].fill_(1);
    eval();
  }
  torch::Tensor forward(const torch::Tensor& images) override {
    return (*dense_)(pool_((*conv_)(images)));
  }

 private:
  std::shared_ptr<Conv2d> conv_;
  GlobalPool2d pool_{Pooling::kAverage};
  std::shared_ptr<Dense> dense_;
};

TEST(Explain, FindsTheMouthThatAloneCarriesTheClass) {
  const torch::Tensor shut = drawn_face(0), open = drawn_face(0.35f);
  const torch::Tensor difference = (open - shut).abs();
  ASSERT_GT(mouth_of(difference).sum().item<float>(),
            0.8 * difference.sum().item<float>());
  MouthFilter model(shut, open);
  const torch::Tensor map = explain(model, open, 1).map;
  EXPECT_GT(mouth_of(map).sum().item<float>(), 0.8 * map.sum().item<float>());
  EXPECT_EQ(mouth_of(map).max().item<float>(), 1);
  EXPECT_EQ(mouth_of(explain(model, shut, 1).map)[5][5].item<float>(), 0);
}

}  // namespace
}  // namespace fer
