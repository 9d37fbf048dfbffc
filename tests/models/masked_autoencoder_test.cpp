// Against Hugging Face's ViTMAEForPreTraining in double
// (tests/reference/masked_autoencoder.py), and what the layers promise.
#include "models/masked_autoencoder.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "digest.h"
#include "keras_tensors.h"
#include "models/initialise.h"
#include "models/registry.h"
#include "models/weights.h"
#include "train/checkpoint.h"

namespace fer {
namespace {

using testing::HasSubstr;

constexpr uint32_t kImages = 1000;

ModelConfig tiny_vit(int patch_size = 8) {
  ModelConfig config;
  config.name = "vit_tiny";
  config.vit.patch_size = patch_size;
  return config;
}

PretrainConfig small_decoder() {
  PretrainConfig config;
  config.decoder_width = 32;
  config.decoder_depth = 1;
  return config;
}

torch::Tensor pictures(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (const int64_t n : shape) count *= n;
  return hash_units(count, kImages).to(torch::kFloat).reshape(shape);
}

class Parity : public testing::TestWithParam<size_t> {
 protected:
  Parity()
      : reference_(
            read_json(FERBENCH_TEST_DIR "/reference/masked_autoencoder.json")),
        case_(reference_["cases"][GetParam()]) {
    ModelConfig config = tiny_vit(reference_["patch_size"]);
    config.vit.layer_norm_epsilon = reference_["layer_norm_epsilon"];
    PretrainConfig pretrain;
    pretrain.decoder_width = reference_["decoder"]["width"];
    pretrain.decoder_depth = reference_["decoder"]["depth"];
    pretrain.decoder_heads = reference_["decoder"]["heads"];
    pretrain.normalise_target = case_["normalise_target"];
    const int64_t channels = reference_["shape"][0],
                  size = reference_["shape"][1];
    model_ = std::make_unique<MaskedAutoencoder>(
        config, ModelShape{channels, size, 7}, pretrain);
    model_->reset_positions();
    model_->to(torch::kDouble);
    for (auto& [name, tensor] : named_parameters(*model_)) ours_[name] = tensor;
    images_ = pictures({4, channels, size, size}).to(torch::kDouble);
    for (const auto& row : reference_["visible"])
      visible_.push_back(
          torch::tensor(row.get<std::vector<int64_t>>(), torch::kLong));
  }

  void fill() {
    const torch::NoGradGuard guard;
    uint32_t t = 0;
    for (const Json& row : reference_["tensors"])
      ours_.at(row["name"]).copy_(hash_tensor(row, t++));
  }

  Json reference_, case_;
  std::unique_ptr<MaskedAutoencoder> model_;
  std::map<std::string, torch::Tensor> ours_;
  torch::Tensor images_;
  std::vector<torch::Tensor> visible_;
};

TEST_P(Parity, HasTheOriginalsTensorsAndPositions) {
  for (const Json& row : reference_["tensors"]) {
    const std::string name = row["name"];
    ASSERT_TRUE(ours_.contains(name)) << name;
    EXPECT_EQ(ours_.at(name).sizes().vec(),
              row["shape"].get<std::vector<int64_t>>())
        << name;
  }
  // Those and the encoder's positions, which are no parameter there.
  EXPECT_EQ(ours_.size(), reference_["tensors"].size() + 1);
  expect_digest(ours_.at("pos_embed"), reference_["positions"], "positions");
  expect_digest(sine_positions(4, 32).to(torch::kDouble),
                reference_["decoder_positions"], "decoder's positions");
}

TEST_P(Parity, GivesTheOriginalsDrawingLossAndGradients) {
  fill();
  const torch::Tensor visible = at::stack(visible_);
  const torch::Tensor drawn = model_->draw(images_, visible);
  expect_digest(drawn, case_["drawn"], "drawn");
  const torch::Tensor loss = model_->loss(drawn, images_, visible);
  expect_near(loss.item<double>(), case_["loss"].get<double>(), 1, "loss");
  loss.backward();
  size_t i = 0;
  for (const Json& row : reference_["tensors"]) {
    const std::string name = row["name"];
    expect_digest(ours_.at(name).grad(), case_["gradients"][i++], name);
  }
}

INSTANTIATE_TEST_SUITE_P(MaskedAutoencoder, Parity, testing::Values(0, 1));

TEST(Patches, AreTakenRowByRowAndPutBack) {
  // Two channels of 4 x 4: value = 100 channel + 10 row + column.
  const torch::Tensor n = torch::arange(4, torch::kFloat);
  const torch::Tensor one = 10 * n.unsqueeze(1) + n;
  const torch::Tensor images = at::stack({one, one + 100}).unsqueeze(0);
  const torch::Tensor patches = to_patches(images, 2);
  EXPECT_EQ(patches.sizes().vec(), (std::vector<int64_t>{1, 4, 8}));
  // The upper right one, pixel by pixel, both channels of each.
  EXPECT_TRUE(patches[0][1].equal(
      torch::tensor({2.f, 102.f, 3.f, 103.f, 12.f, 112.f, 13.f, 113.f})));
  EXPECT_TRUE(from_patches(patches, 2, 2).equal(images));
}

/// vit_tiny for gray pictures of 16 x 16 in four patches of 8, one of them
/// visible.
struct Small {
  explicit Small(bool normalise = true) {
    PretrainConfig pretrain = small_decoder();
    pretrain.normalise_target = normalise;
    model = std::make_unique<MaskedAutoencoder>(tiny_vit(),
                                                ModelShape{1, 16, 2}, pretrain);
    initialise(*model, Initialiser::kModel, 3);
    model->reset_positions();
    model->eval();
  }
  std::unique_ptr<MaskedAutoencoder> model;
  torch::Tensor images = pictures({2, 1, 16, 16});
  torch::Tensor visible = torch::tensor({{1}, {2}}, torch::kLong);
};

TEST(MaskedAutoencoder, DrawsFromTheVisiblePatchesAlone) {
  const torch::NoGradGuard guard;
  const Small s;
  EXPECT_EQ(s.model->patches(), 4);
  EXPECT_EQ(s.model->visible(), 1);  // a quarter
  const torch::Tensor drawn = s.model->draw(s.images, s.visible);
  // All but patch 1 of the first image, which is its upper right.
  torch::Tensor other = s.images.clone();
  other[0].narrow(1, 8, 8).zero_();
  other[0].narrow(2, 0, 8).zero_();
  EXPECT_TRUE(s.model->draw(other, s.visible).equal(drawn));
  other[0][0][7][8] = 1 - other[0][0][7][8];
  EXPECT_FALSE(at::allclose(s.model->draw(other, s.visible), drawn));
}

TEST(MaskedAutoencoder, IsMeasuredOnTheHiddenPatchesAlone) {
  const Small s;
  const torch::Tensor exact = s.model->target(s.images);
  EXPECT_EQ(s.model->loss(exact, s.images, s.visible).item<float>(), 0.0f);
  torch::Tensor drawn = exact.clone();
  drawn[0][1] += 9;  // seen
  EXPECT_EQ(s.model->loss(drawn, s.images, s.visible).item<float>(), 0.0f);
  drawn[1][0] += 2;  // one of six hidden ones
  EXPECT_NEAR(s.model->loss(drawn, s.images, s.visible).item<float>(), 4.0 / 6,
              1e-5);
}

TEST(MaskedAutoencoder, NormalisesEachPatchOnItsOwn) {
  const Small plain(false), s;
  EXPECT_TRUE(plain.model->target(s.images).equal(to_patches(s.images, 8)));
  const torch::Tensor target = s.model->target(s.images);
  EXPECT_LT(target.mean(-1).abs().max().item<double>(), 1e-5);
  EXPECT_LT((target.var(-1) - 1).abs().max().item<double>(), 1e-3);
  // A blank patch has nothing to draw.
  EXPECT_EQ(
      s.model->target(torch::ones({1, 1, 16, 16})).abs().max().item<float>(),
      0.0f);
}

TEST(MaskedAutoencoder, ShowsADrawingInThePicturesOwnUnits) {
  const Small s;
  torch::Tensor drawn = s.model->target(s.images);
  EXPECT_TRUE(at::allclose(s.model->picture(drawn, s.images, s.visible),
                           s.images, 1e-4, 1e-5));
  drawn = torch::full_like(drawn, 1e3);
  const torch::Tensor white = s.model->picture(drawn, s.images, s.visible);
  EXPECT_EQ(white[0][0][0][0].item<float>(), 1.0f);
  EXPECT_TRUE(white[0][0].narrow(0, 0, 8).narrow(1, 8, 8).equal(
      s.images[0][0].narrow(0, 0, 8).narrow(1, 8, 8)));
}

TEST(MaskedAutoencoder, ItsEncoderLoadsIntoAClassifierThatLacksTheHeadAlone) {
  const torch::NoGradGuard guard;
  const TemporaryFolder folder;
  const Small s;
  TensorFile file;
  add_model(file, *s.model);
  write_safetensors(folder / "best.safetensors", file);
  ModelConfig config = tiny_vit();
  config.weights = WeightsConfig{};
  config.weights->file = folder / "best.safetensors";
  const ModelPtr model = make_model(config, {1, 16, 7}, 1);
  model->eval();
  const WeightsReport report = load_weights(config, *model);
  EXPECT_EQ(report.fresh,
            (std::vector<std::string>{"head.weight", "head.bias"}));
  EXPECT_TRUE(report.left_over.empty());
  auto& vit = dynamic_cast<Vit&>(*model);
  EXPECT_TRUE(vit.encode(vit.tokens(s.images))
                  .equal(s.model->encode(s.model->tokens(s.images))));
  EXPECT_TRUE(s.model->forward(s.images).equal(
      vit.encode(vit.tokens(s.images)).select(1, 0)));
}

std::string refusal(const ModelConfig& config, const PretrainConfig& pretrain,
                    int64_t size = 16) {
  return error_text([&] { MaskedAutoencoder(config, {1, size, 2}, pretrain); });
}

TEST(MaskedAutoencoder, RefusesANetworkWithoutPatches) {
  ModelConfig config;
  config.name = "resnet18";
  EXPECT_EQ(refusal(config, {}),
            "[pretrain] expected a vision transformer, whose patches can be "
            "hidden; got resnet18 (model.name). Take vit_tiny, vit_s16 or "
            "vit_b16, or train on labels: ferbench run.");
}

TEST(MaskedAutoencoder, RefusesPatchesThatDoNotFillThePicture) {
  EXPECT_THAT(refusal(tiny_vit(), {}, 20),
              HasSubstr("[vit_tiny] expected an image size that is a multiple "
                        "of the patch size 8; got 20x20 pixels"));
}

TEST(MaskedAutoencoder, RefusesToHideAllPatchesOrNone) {
  PretrainConfig pretrain;
  pretrain.mask_ratio = 0.9;
  EXPECT_EQ(refusal(tiny_vit(), pretrain),
            "[pretrain] expected at least one patch that is seen and one that "
            "is not; got 0 of 4 seen (pretrain.mask_ratio 0.9). Lower it, or "
            "take a smaller model.vit.patch_size.");
  pretrain.mask_ratio = 1e-17;
  EXPECT_THAT(refusal(tiny_vit(), pretrain), HasSubstr("got 4 of 4 seen"));
  EXPECT_THAT(refusal(tiny_vit(), pretrain), HasSubstr("Raise it"));
}

TEST(MaskedAutoencoder, RefusesADecoderThatItsHeadsDoNotDivide) {
  PretrainConfig pretrain;
  pretrain.decoder_width = 50;
  EXPECT_EQ(refusal(tiny_vit(), pretrain),
            "[pretrain] expected a width that its heads and 4 divide; got 50 "
            "with 4 heads (pretrain.decoder_width, pretrain.decoder_heads). "
            "Take 48.");
}

}  // namespace
}  // namespace fer
