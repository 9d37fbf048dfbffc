#include "models/weights.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/temporary_folder.h"
#include "keras_tensors.h"
#include "models/registry.h"
#include "train/checkpoint.h"

namespace fer {
namespace {

using Names = std::vector<std::string>;

std::map<std::string, torch::Tensor> snapshot(const Model& model) {
  std::map<std::string, torch::Tensor> copy;
  for (const auto& [name, tensor] : named_tensors(model))
    copy[name] = tensor.detach().clone();
  return copy;
}

class Weights : public testing::Test {
 protected:
  Weights() {
    config_.name = "cnn50";
    config_.weights = WeightsConfig{.file = folder_ / "w.safetensors"};
  }

  ModelPtr cnn(int64_t classes, uint64_t seed, int64_t channels = 1) const {
    return make_model(config_, {channels, 16, classes}, seed);
  }
  // Tiny: two by two patches of 8 pixels, a width of 192.
  ModelPtr vit(uint64_t seed, int64_t size = 16) {
    config_.name = "vit_tiny";
    config_.vit.patch_size = 8;
    return make_model(config_, {1, size, 7}, seed);
  }

  void write(const TensorFile& file) const {
    write_safetensors(config_.weights->file, file);
  }
  TensorFile checkpoint_of(const Model& model) const {
    TensorFile file;
    add_model(file, model);
    file.tensors.emplace_back("optimizer/conv1.weight/m", torch::ones({2}));
    file.tensors.emplace_back("average/conv1.weight", torch::ones({2}));
    file.tensors.emplace_back("random/cpu", torch::ones({9}, torch::kByte));
    return file;
  }
  std::string fault(Model& model) const {
    return error_text([&] { load_weights(config_, model); });
  }
  std::string path() const { return config_.weights->file.string(); }

  TemporaryFolder folder_;
  ModelConfig config_;
};

TEST_F(Weights, StartFromTheCheckpointOfARunWithOtherClasses) {
  const ModelPtr from = cnn(4, 1), model = cnn(7, 2);
  write(checkpoint_of(*from));
  const auto before = snapshot(*model);
  const WeightsReport report = load_weights(config_, *model);
  EXPECT_EQ(report.fresh, (Names{"logits.weight", "logits.bias"}));
  EXPECT_EQ(report.loaded, (Names{"conv1.weight", "conv1.bias", "conv2.weight",
                                  "conv2.bias", "conv3.weight", "conv3.bias",
                                  "dense1.weight", "dense1.bias"}));
  EXPECT_TRUE(report.left_over.empty() && report.changed.empty());
  const auto source = snapshot(*from);
  for (const auto& [name, tensor] : named_tensors(*model)) {
    const bool head = name.starts_with("logits");
    EXPECT_TRUE(tensor.equal((head ? before : source).at(name))) << name;
  }
}

TEST_F(Weights, BringTheHeadAlongWhereTheClassesAgree) {
  const ModelPtr from = cnn(7, 1), model = cnn(7, 2);
  write(checkpoint_of(*from));
  EXPECT_TRUE(load_weights(config_, *model).fresh.empty());
  const torch::Tensor images =
      hash_units(2 * 256, 1).to(torch::kFloat).reshape({2, 1, 16, 16});
  from->eval();
  model->eval();
  EXPECT_TRUE(model->forward(images).equal(from->forward(images)));
}

TEST_F(Weights, MakeNoHalfHead) {
  TensorFile file;
  for (const auto& [name, tensor] : named_tensors(*cnn(7, 1)))
    if (name != "logits.bias") file.tensors.emplace_back(name, tensor);
  write(file);
  const ModelPtr model = cnn(7, 2);
  EXPECT_EQ(load_weights(config_, *model).fresh,
            (Names{"logits.weight", "logits.bias"}));
}

// One function of gray pictures, whether they come in one channel or in three.
TEST_F(Weights, OfThreeChannelsAnswerAlikeForGrayPictures) {
  const torch::Tensor gray =
      hash_units(2 * 256, 1).to(torch::kFloat).reshape({2, 1, 16, 16});
  for (const int64_t channels : {1, 3}) {
    const ModelPtr from = cnn(7, 1, 4 - channels);
    const ModelPtr model = cnn(7, 2, channels);
    write(checkpoint_of(*from));
    const WeightsReport report = load_weights(config_, *model);
    ASSERT_EQ(report.changed.size(), 1u);
    EXPECT_EQ(report.changed[0].name, "conv1.weight");
    EXPECT_EQ(report.changed[0].to,
              channels == 1 ? "[32, 1, 3, 3]" : "[32, 3, 3, 3]");
    from->eval();
    model->eval();
    const torch::Tensor theirs =
        from->forward(gray.expand({2, 4 - channels, 16, 16}));
    const torch::Tensor ours =
        model->forward(gray.expand({2, channels, 16, 16}));
    EXPECT_LT((ours - theirs).abs().max().item<float>(), 1e-5f);
  }
}

TEST_F(Weights, ResizeThePositionsOfAnotherImageSize) {
  config_.weights->layout = WeightsLayout::kTimm;
  const ModelPtr from = vit(1), model = vit(2, 24);
  write(in_layout(*from, config_, WeightsLayout::kTimm));
  const WeightsReport report = load_weights(config_, *model);
  ASSERT_EQ(report.changed.size(), 1u);
  EXPECT_EQ(report.changed[0].name, "pos_embed");
  EXPECT_EQ(report.changed[0].from, "[1, 5, 192]");
  EXPECT_EQ(report.changed[0].to, "[1, 10, 192]");
}

TEST_F(Weights, ComeBackFromEveryLayout) {
  const ModelPtr from = vit(1), model = vit(2);
  const auto source = snapshot(*from);
  for (const auto layout :
       {WeightsLayout::kFerbench, WeightsLayout::kTorchvision,
        WeightsLayout::kTimm, WeightsLayout::kHuggingFace}) {
    config_.weights->layout = layout;
    config_.vit.layer_norm_epsilon =
        layout == WeightsLayout::kHuggingFace ? 1e-12 : 1e-6;
    for (const auto& item : named_tensors(*model)) {
      const torch::NoGradGuard guard;
      item.second.zero_();
    }
    write(in_layout(*from, config_, layout));
    EXPECT_EQ(load_weights(config_, *model).loaded.size(), source.size());
    for (const auto& [name, tensor] : named_tensors(*model))
      EXPECT_TRUE(tensor.equal(source.at(name))) << word(layout) << name;
  }
}

TEST_F(Weights, MustBeWholeAndAloneUnlessTold) {
  TensorFile file;
  for (const auto& [name, tensor] : named_tensors(*cnn(7, 1)))
    if (!name.starts_with("conv2")) file.tensors.emplace_back(name, tensor);
  for (const char* extra : {"a", "b", "c", "d", "e", "f"})
    file.tensors.emplace_back(extra, torch::ones({1}));
  write(file);
  const ModelPtr model = cnn(7, 2);
  const auto before = snapshot(*model);
  EXPECT_EQ(fault(*model),
            "[weights] expected every tensor of cnn50 and no other; got 2 "
            "(\"conv2.weight\", \"conv2.bias\") missing and 6 (\"a\", \"b\", "
            "\"c\", \"d\", \"e\", ...) left over (" +
                path() +
                "). Check model.name and model.weights.layout; "
                "model.weights.strict: false loads what is there.");
  for (const auto& [name, tensor] : named_tensors(*model))
    EXPECT_TRUE(tensor.equal(before.at(name))) << name;

  config_.weights->strict = false;
  const WeightsReport report = load_weights(config_, *model);
  EXPECT_EQ(report.fresh, (Names{"conv2.weight", "conv2.bias"}));
  EXPECT_EQ(report.left_over, (Names{"a", "b", "c", "d", "e", "f"}));
}

TEST_F(Weights, OfAnotherShapeChangeNothing) {
  TensorFile file = checkpoint_of(*cnn(7, 1));
  for (auto& [name, tensor] : file.tensors)
    if (name == "model/dense1.weight") tensor = torch::zeros({128, 3});
  write(file);
  config_.weights->strict = false;
  const ModelPtr model = cnn(7, 2);
  const auto before = snapshot(*model);
  EXPECT_EQ(fault(*model),
            "[weights] expected \"model/dense1.weight\" of shape [128, 512] "
            "for \"dense1.weight\"; got shape [128, 3]. The weights belong to "
            "another model: check model.name, model.stem and "
            "model.vit.patch_size.");
  for (const auto& [name, tensor] : named_tensors(*model))
    EXPECT_TRUE(tensor.equal(before.at(name))) << name;
}

TEST_F(Weights, OfAnotherWorldAreRefusedEvenWhenNotStrict) {
  TensorFile file;
  file.tensors = {{"x", torch::ones({1})}};
  write(file);
  config_.weights->strict = false;
  const ModelPtr model = cnn(7, 1);
  EXPECT_EQ(fault(*model),
            "[weights] expected tensors of cnn50 in layout ferbench; got none, "
            "but 1 (\"x\") others (" +
                path() + "). Check model.name and model.weights.layout.");
}

TEST_F(Weights, OfAnotherFunctionAreRefusedUnlessTold) {
  const ModelPtr model = vit(1);
  config_.weights->layout = WeightsLayout::kHuggingFace;
  write(in_layout(*model, config_, WeightsLayout::kHuggingFace));
  EXPECT_EQ(fault(*model),
            "[weights] expected weights of the same function as vit_tiny; got "
            "huggingface's: LayerNorm adds 1e-12 there, "
            "model.vit.layer_norm_epsilon is 1e-06 (" +
                path() +
                "). Mend that setting or take another model; "
                "model.weights.strict: false loads what fits.");
  config_.weights->strict = false;
  EXPECT_EQ(load_weights(config_, *model).other_function,
            "LayerNorm adds 1e-12 there, model.vit.layer_norm_epsilon is "
            "1e-06");
}

TEST_F(Weights, OfTorchvisionDoNotMakeKerasResNet) {
  config_.name = "resnet50_keras";
  config_.weights->layout = WeightsLayout::kTorchvision;
  const ModelPtr model = make_model(config_, {3, 32, 7}, 1);
  EXPECT_THROW(load_weights(config_, *model), ConfigError);
}

TEST_F(Weights, WithPartsOfAttentionMissingOrUnlikeAreRefused) {
  const ModelPtr model = vit(1);
  config_.weights->layout = WeightsLayout::kHuggingFace;
  config_.vit.layer_norm_epsilon = 1e-12;
  const TensorFile whole = in_layout(*model, config_, config_.weights->layout);
  const std::string key = "vit.encoder.layer.0.attention.attention.key.bias";
  TensorFile file = whole;
  std::erase_if(file.tensors, [&](const auto& t) { return t.first == key; });
  write(file);
  EXPECT_EQ(fault(*model),
            "[weights] expected queries, keys and values for "
            "\"blocks.0.attn.qkv.bias\"; got some of them. The file is not "
            "whole: take another.");
  file = whole;
  for (auto& [name, tensor] : file.tensors)
    if (name == key) tensor = torch::zeros({3});
  write(file);
  EXPECT_NE(fault(*model).find("of one shape and type; got [192] and [3]"),
            std::string::npos);
  file = whole;
  file.tensors.emplace_back("vit.layers.0.attention.k_proj.bias",
                            torch::zeros({192}));
  write(file);
  EXPECT_NE(fault(*model).find(
                "[weights] expected one tensor for \"blocks.0.attn.qkv.bias\""),
            std::string::npos);
}

TEST_F(Weights, NameAMissingFile) {
  const ModelPtr model = cnn(7, 1);
  EXPECT_EQ(fault(*model),
            "[file] expected a readable file; got 'No such file or directory' "
            "(" +
                path() + "). Check the path.");
}

TEST_F(Weights, AreReportedInALineAndAsJson) {
  config_.weights->layout = WeightsLayout::kTimm;
  const ModelPtr from = vit(1);
  write(in_layout(*from, config_, WeightsLayout::kTimm));
  config_.weights->strict = false;
  const ModelPtr model = make_model(config_, {3, 24, 2}, 2);
  const WeightsReport report = load_weights(config_, *model);
  EXPECT_EQ(report_line(report),
            "weights: 150 of 152 tensors from w.safetensors (timm); new: 2 "
            "(\"head.weight\", \"head.bias\"); fitted: 2 (\"pos_embed\", "
            "\"patch_embed.proj.weight\")");
  const Json json = report_json(report);
  EXPECT_EQ(json["file"], path());
  EXPECT_EQ(json["sha256"], sha256(read_file(path())));
  EXPECT_EQ(json["layout"], "timm");
  EXPECT_EQ(json["other_function"], nullptr);
  EXPECT_EQ(json["new"], (Json{"head.weight", "head.bias"}));
  EXPECT_EQ(json["loaded"].size(), 150u);
  EXPECT_EQ(json["left_over"], Json::array());
  EXPECT_EQ(json["changed"][1],
            Json({{"name", "patch_embed.proj.weight"},
                  {"from", "[192, 1, 8, 8]"},
                  {"to", "[192, 3, 8, 8]"},
                  {"how", "1 channel spread over 3, a third each"}}));
}

}  // namespace
}  // namespace fer
