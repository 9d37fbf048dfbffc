#include "models/initialise.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/registry.h"

namespace fer {
namespace {

ModelPtr fernet(uint64_t seed, Initialiser rule = Initialiser::kModel,
                int64_t classes = 2) {
  ModelConfig config;
  config.initialiser = rule;
  return make_model(config, {1, 48, classes}, seed);
}

torch::Tensor get(const ModelPtr& model, const std::string& name) {
  return model->named_parameters()[name].detach().to(torch::kDouble).flatten();
}

double mean_of(const torch::Tensor& x) { return x.mean().item<double>(); }
double deviation(const torch::Tensor& x) { return x.std().item<double>(); }
double largest(const torch::Tensor& x) { return x.abs().max().item<double>(); }
double kurtosis(const torch::Tensor& x) {
  const torch::Tensor square = (x - x.mean()).square();
  return square.square().mean().item<double>() /
         std::pow(square.mean().item<double>(), 2);
}

/// Five standard errors of a measured deviation, relative:
/// sqrt((kurtosis - 1) / (4 n)).
double five_errors(double kurtosis, const torch::Tensor& x) {
  return 5 * std::sqrt((kurtosis - 1) / (4 * static_cast<double>(x.numel())));
}

struct Kernel {
  const char* name;
  double fan_in;
};
// Every he_normal kernel of Fernet: k * k * in, or in.
const Kernel kKernels[] = {
    {"block1_conv1.weight", 25},   {"block1_conv2.weight", 800},
    {"block2_conv1.weight", 288},  {"block2_conv2.weight", 576},
    {"block3_conv1.weight", 576},  {"block3_conv2.weight", 1152},
    {"block4_conv1.weight", 1152}, {"block4_conv2.weight", 2304},
    {"dense1.weight", 2304},       {"dense2.weight", 512}};

TEST(HeNormal, StaysWithinTwoDeviationsOfTheUncutNormal) {
  const ModelPtr model = fernet(1);
  for (const Kernel& kernel : kKernels) {
    const torch::Tensor w = get(model, kernel.name);
    const double bound = 2 * std::sqrt(2 / kernel.fan_in) / 0.87962566103423978;
    EXPECT_LE(largest(w), bound * (1 + 1e-7)) << kernel.name;
    // A share of 0.2 % of the values lies above 0.98 of the bound.
    if (w.numel() < 5000) continue;
    EXPECT_GT(largest(w), 0.98 * bound) << kernel.name;
  }
}

TEST(HeNormal, HasTheDeviationAfterTheCut) {
  const ModelPtr model = fernet(2);
  for (const Kernel& kernel : kKernels) {
    const torch::Tensor w = get(model, kernel.name);
    const double expected = std::sqrt(2 / kernel.fan_in);
    EXPECT_NEAR(deviation(w) / expected, 1.0, five_errors(2.36, w))
        << kernel.name;
    EXPECT_NEAR(mean_of(w) / expected, 0.0,
                5 / std::sqrt(static_cast<double>(w.numel())))
        << kernel.name;
  }
}

TEST(HeNormal, IsNeitherUniformNorUncut) {
  // Kurtosis: uniform 1.8, normal 3, normal cut at two deviations 2.36.
  EXPECT_NEAR(kurtosis(get(fernet(3), "dense1.weight")), 2.36, 0.02);
}

TEST(GlorotUniform, FillsTheLastLayerUpToItsLimit) {
  const torch::Tensor w =
      get(fernet(4, Initialiser::kModel, 7), "logits.weight");
  const double limit = std::sqrt(6.0 / (128 + 7));
  EXPECT_LE(largest(w), limit * (1 + 1e-7));
  EXPECT_GT(largest(w), 0.98 * limit);
  EXPECT_NEAR(deviation(w) / (limit / std::sqrt(3.0)), 1.0,
              five_errors(1.8, w));
  EXPECT_NEAR(mean_of(w), 0.0, 5 * limit / std::sqrt(3.0 * 7 * 128));
}

TEST(GlorotUniform, CountsTheOneLogitOfTwoClasses) {
  const torch::Tensor w = get(fernet(5), "logits.weight");
  const double limit = std::sqrt(6.0 / 129);  // 0.215666
  EXPECT_LE(largest(w), limit * (1 + 1e-7));
  EXPECT_GT(largest(w), 0.9 * limit);
}

TEST(KerasInitialiser, SetsBiasesToZeroAndLeavesBatchNormAlone) {
  const ModelPtr model = fernet(6);
  for (const auto& item : model->named_parameters()) {
    const bool norm = item.key().find("bn") != std::string::npos;
    if (item.key().ends_with(".bias")) {
      EXPECT_EQ(item.value().abs().max().item<float>(), 0.0f) << item.key();
    } else if (norm) {
      EXPECT_TRUE(item.value().eq(1).all().item<bool>()) << item.key();
    }
  }
}

TEST(KerasInitialiser, OverwritesWhatWasThere) {
  const ModelPtr model = fernet(7);
  {
    const torch::NoGradGuard guard;
    for (torch::Tensor& p : model->parameters()) p.fill_(9.0);
  }
  initialise(*model, Initialiser::kModel, 7);
  EXPECT_TRUE(
      get(model, "dense1.weight").equal(get(fernet(7), "dense1.weight")));
  EXPECT_EQ(largest(get(model, "dense1.bias")), 0.0);
}

TEST(Initialise, GivesTheSameBitsForTheSameSeed) {
  for (const auto rule : {Initialiser::kModel, Initialiser::kTorch}) {
    const ModelPtr one = fernet(8, rule), two = fernet(8, rule);
    const auto others = two->named_parameters();
    for (const auto& item : one->named_parameters()) {
      EXPECT_TRUE(item.value().equal(others[item.key()])) << item.key();
    }
  }
}

ModelPtr other(const char* name, Initialiser rule = Initialiser::kModel) {
  ModelConfig config;
  config.name = name;
  config.initialiser = rule;
  return make_model(config, {1, 32, 7}, 14);
}

TEST(Initialise, FillsTransformersAsTimmDoes) {
  const ModelPtr model = other("vit_tiny");
  const std::pair<const char*, double> expected[] = {
      {"cls_token", 1e-6},
      {"pos_embed", 0.02},
      {"blocks.0.attn.qkv.weight", 0.02},
      {"blocks.11.mlp.fc2.weight", 0.02},
      {"head.weight", 0.02},
      // Uniform in +-1 / sqrt(256), biases too.
      {"patch_embed.proj.weight", 1 / std::sqrt(3.0 * 256)},
      {"patch_embed.proj.bias", 1 / std::sqrt(3.0 * 256)}};
  for (const auto& [name, spread] : expected) {
    const torch::Tensor w = get(model, name);
    EXPECT_NEAR(deviation(w) / spread, 1.0, five_errors(3, w)) << name;
  }
  for (const char* name : {"blocks.0.attn.qkv.bias", "blocks.3.norm1.bias",
                           "blocks.0.mlp.fc1.bias", "head.bias"})
    EXPECT_EQ(largest(get(model, name)), 0.0) << name;
  EXPECT_EQ(deviation(get(model, "blocks.0.norm1.weight")), 0.0);
}

TEST(Initialise, CountsTheFansOfOneGroup) {
  // Keras cuts its normals, timm does not.
  const std::pair<const char*, double> tails[] = {
      {"efficientnet_b3", 3.0}, {"efficientnet_b3_keras", 2.36}};
  for (const auto& [name, tail] : tails) {
    const ModelPtr model = other(name);
    // Depthwise 5x5: 25 outputs of a value, whatever the number of channels.
    const torch::Tensor w = get(model, "blocks.5.0.conv_dw.weight");
    EXPECT_NEAR(deviation(w) / std::sqrt(2.0 / 25), 1.0, five_errors(tail, w));
    EXPECT_NEAR(kurtosis(get(model, "conv_head.weight")), tail, 0.05) << name;
    const torch::Tensor last = get(model, "classifier.weight");
    EXPECT_LE(largest(last), (1 + 1e-7) / std::sqrt(7.0)) << name;
    EXPECT_GT(largest(last), 0.98 / std::sqrt(7.0)) << name;
  }
}

TEST(TorchInitialiser, LeavesTokensToTheModel) {
  const ModelPtr model = other("vit_tiny", Initialiser::kTorch);
  const torch::Tensor tokens = get(model, "pos_embed");
  EXPECT_NEAR(deviation(tokens) / 0.02, 1.0, five_errors(3, tokens));
  const torch::Tensor w = get(model, "head.weight");
  EXPECT_LE(largest(w), (1 + 1e-7) / std::sqrt(192.0));
  EXPECT_GT(largest(w), 0.98 / std::sqrt(192.0));
}

TEST(Initialise, GivesOtherWeightsForAnotherSeed) {
  // The second differs in the upper half of the seed only.
  const ModelPtr one = fernet(9);
  for (const uint64_t seed : {uint64_t{10}, 9 + (uint64_t{1} << 32)}) {
    const ModelPtr two = fernet(seed);
    for (const Kernel& kernel : kKernels) {
      EXPECT_LT(
          get(one, kernel.name).eq(get(two, kernel.name)).sum().item<int64_t>(),
          3)
          << kernel.name;
    }
  }
}

TEST(Initialise, DrawsEachLayerFromItsOwnStream) {
  // In units of the deviation, the first values of two layers must differ.
  const ModelPtr model = fernet(11);
  for (size_t i = 1; i < std::size(kKernels); ++i) {
    const double before = get(model, kKernels[i - 1].name)[0].item<double>() *
                          std::sqrt(kKernels[i - 1].fan_in);
    const double here = get(model, kKernels[i].name)[0].item<double>() *
                        std::sqrt(kKernels[i].fan_in);
    EXPECT_GT(std::abs(before - here), 1e-5) << kKernels[i].name;
  }
}

TEST(Initialise, DoesNotTouchTorchsGenerator) {
  const torch::Tensor before =
      at::globalContext().defaultGenerator(torch::kCPU).get_state();
  fernet(12);
  EXPECT_TRUE(before.equal(
      at::globalContext().defaultGenerator(torch::kCPU).get_state()));
}

TEST(TorchInitialiser, IsUniformWithinOneOverTheRootOfFanIn) {
  const ModelPtr model = fernet(13, Initialiser::kTorch);
  for (const Kernel& kernel : kKernels) {
    const double limit = 1 / std::sqrt(kernel.fan_in);
    const torch::Tensor w = get(model, kernel.name);
    EXPECT_LE(largest(w), limit * (1 + 1e-7)) << kernel.name;
    EXPECT_GT(largest(w), 0.98 * limit) << kernel.name;
    EXPECT_NEAR(deviation(w) / (limit / std::sqrt(3.0)), 1.0,
                five_errors(1.8, w))
        << kernel.name;
    std::string bias = kernel.name;
    bias.replace(bias.find("weight"), 6, "bias");
    EXPECT_LE(largest(get(model, bias)), limit * (1 + 1e-7)) << bias;
    EXPECT_GT(largest(get(model, bias)), 0.7 * limit) << bias;
  }
}

}  // namespace
}  // namespace fer
