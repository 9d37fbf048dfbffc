#include "models/weight_names.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {

using Layout = WeightsLayout;

// "blocks.3.attn.qkv.weight/1" for the second third, "-" for a tensor that is
// known and not needed, "?" for an unknown one.
std::string ours(const char* model, Layout layout, const std::string& theirs) {
  const auto found = to_ours(name_table(model, layout), theirs);
  if (!found) return "?";
  if (found->name.empty()) return "-";
  return found->part < 0 ? found->name
                         : found->name + "/" + std::to_string(found->part);
}

TEST(WeightNames, ReadTorchvisionsVit) {
  const auto name = [](const char* theirs) {
    return ours("vit_b16", Layout::kTorchvision, theirs);
  };
  EXPECT_EQ(name("class_token"), "cls_token");
  EXPECT_EQ(
      name("encoder.layers.encoder_layer_11.self_attention.in_proj_weight"),
      "blocks.11.attn.qkv.weight");
  EXPECT_EQ(name("encoder.layers.encoder_layer_0.mlp.3.bias"),
            "blocks.0.mlp.fc2.bias");
  // As files had it before torchvision 0.13.
  EXPECT_EQ(name("encoder.layers.encoder_layer_0.mlp.linear_1.weight"),
            "blocks.0.mlp.fc1.weight");
  EXPECT_EQ(name("encoder.layers.encoder_layer_.ln_1.weight"), "?");
  EXPECT_EQ(name("encoder.layers.encoder_layer_1x.ln_1.weight"), "?");
  EXPECT_EQ(name(""), "?");
}

TEST(WeightNames, ReadHuggingFacesOldAndNewNames) {
  const auto name = [](const char* theirs) {
    return ours("vit_b16", Layout::kHuggingFace, theirs);
  };
  for (const char* key : {"vit.encoder.layer.3.attention.attention.key.weight",
                          "encoder.layer.3.attention.attention.key.weight",
                          "vit.layers.3.attention.k_proj.weight",
                          "layers.3.attention.k_proj.weight"}) {
    EXPECT_EQ(name(key), "blocks.3.attn.qkv.weight/1") << key;
  }
  EXPECT_EQ(name("vit.encoder.layer.3.output.dense.bias"),
            "blocks.3.mlp.fc2.bias");
  EXPECT_EQ(name("vit.encoder.layer.3.attention.output.dense.bias"),
            "blocks.3.attn.proj.bias");
  EXPECT_EQ(name("pooler.dense.weight"), "-");
}

TEST(WeightNames, ReadTorchvisionsEfficientNet) {
  const auto name = [](const char* theirs) {
    return ours("efficientnet_b3", Layout::kTorchvision, theirs);
  };
  // The first stage does not expand: its depthwise convolution comes first.
  EXPECT_EQ(name("features.1.0.block.0.0.weight"), "blocks.0.0.conv_dw.weight");
  EXPECT_EQ(name("features.1.1.block.2.1.running_mean"),
            "blocks.0.1.bn2.running_mean");
  EXPECT_EQ(name("features.7.1.block.0.0.weight"), "blocks.6.1.conv_pw.weight");
  EXPECT_EQ(name("features.7.1.block.2.fc2.bias"),
            "blocks.6.1.se.conv_expand.bias");
  EXPECT_EQ(name("features.7.1.block.3.1.bias"), "blocks.6.1.bn3.bias");
  EXPECT_EQ(name("features.8.1.weight"), "bn2.weight");
  EXPECT_EQ(name("features.9.1.weight"), "?");
}

TEST(WeightNames, LeaveOutWhatIsNoWeight) {
  EXPECT_EQ(ours("resnet50", Layout::kTimm, "layer1.0.bn1.num_batches_tracked"),
            "-");
  EXPECT_EQ(ours("resnet50", Layout::kTimm, "layer1.0.bn1.weight"),
            "layer1.0.bn1.weight");
}

TEST(WeightNames, TakeTheModelOutOfACheckpoint) {
  const auto name = [](const char* theirs) {
    return ours("fernet", Layout::kFerbench, theirs);
  };
  EXPECT_EQ(name("model/block1_conv1.weight"), "block1_conv1.weight");
  EXPECT_EQ(name("block1_conv1.weight"), "block1_conv1.weight");
  EXPECT_EQ(name("optimizer/block1_conv1.weight/m"), "-");
  EXPECT_EQ(name("average/block1_conv1.weight"), "-");
  EXPECT_EQ(name("random/cpu"), "-");
}

TEST(WeightNames, WriteEachTensorUnderOneNameOrThree) {
  using Names = std::vector<std::string>;
  const NameTable table = name_table("vit_b16", Layout::kHuggingFace);
  EXPECT_EQ(to_theirs(table, "blocks.3.attn.qkv.bias"),
            (Names{"vit.encoder.layer.3.attention.attention.query.bias",
                   "vit.encoder.layer.3.attention.attention.key.bias",
                   "vit.encoder.layer.3.attention.attention.value.bias"}));
  EXPECT_EQ(to_theirs(table, "blocks.3.mlp.fc1.weight"),
            Names{"vit.encoder.layer.3.intermediate.dense.weight"});
  EXPECT_EQ(to_theirs(table, "other"), Names{});
  EXPECT_EQ(
      to_theirs(name_table("vit_b16", Layout::kTorchvision),
                "blocks.3.attn.qkv.bias"),
      Names{"encoder.layers.encoder_layer_3.self_attention.in_proj_bias"});
}

TEST(WeightNames, RefuseALayoutThatTheNetworkDoesNotComeIn) {
  EXPECT_EQ(
      error_text([] { name_table("resnet50", Layout::kHuggingFace); }),
      "[weights] expected layout ferbench or torchvision or timm for resnet50; "
      "got huggingface (model.weights.layout). Nobody publishes this network "
      "in that layout: take another file.");
  EXPECT_EQ(error_text([] { name_table("fernet", Layout::kTimm); }),
            "[weights] expected layout ferbench for fernet; got timm "
            "(model.weights.layout). Nobody publishes this network in that "
            "layout: take another file.");
  EXPECT_THROW(name_table("resnet50v2", Layout::kTorchvision), ConfigError);
}

std::string reason(const ModelConfig& config, Layout layout) {
  return other_function(config, layout);
}

TEST(OtherFunction, SaysWhatDiffers) {
  ModelConfig config;
  config.name = "resnet50_keras";
  EXPECT_EQ(reason(config, Layout::kTimm),
            "Keras's ResNet50 has biases and its strides in the first 1x1 "
            "convolution, torchvision's and timm's have them in the 3x3 one");
  EXPECT_EQ(reason(config, Layout::kFerbench), "");
  config.name = "efficientnet_b3_keras";
  EXPECT_EQ(reason(config, Layout::kTorchvision),
            "Keras's EfficientNet pads even sizes on one side and adds 1e-3 in "
            "BatchNorm, torchvision's and timm's do not");
  config.name = "efficientnet_b3";
  EXPECT_EQ(reason(config, Layout::kTorchvision), "");
  config.stem = Stem::kSmall;
  EXPECT_EQ(reason(config, Layout::kTorchvision),
            "model.stem: small keeps the size of the picture, their stem "
            "halves it");
  config.stem = Stem::kReference;
  config.batch_norm.epsilon = 1e-3;
  EXPECT_EQ(reason(config, Layout::kTorchvision),
            "BatchNorm adds 1e-05 there, model.batch_norm.epsilon is 0.001");
  config.name = "vit_tiny";
  EXPECT_EQ(reason(config, Layout::kTimm), "");
  EXPECT_EQ(reason(config, Layout::kHuggingFace),
            "LayerNorm adds 1e-12 there, model.vit.layer_norm_epsilon is "
            "1e-06");
}

}  // namespace
}  // namespace fer
