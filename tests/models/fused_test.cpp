// The fused passes of training against the layers one by one: outputs,
// gradients, moving statistics, both next to the same layers in double.
#include "models/fused.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/function.h>

#include "models/chain.h"
#include "models/distance.h"
#include "models/initialise.h"
#include "models/registry.h"
#include "train/device.h"
#include "train/step_engine.h"

namespace fer {
namespace {

using torch::Tensor;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;

// One pass each: 19 channels fill no vector, 7x7 pixels leave a rim behind the
// pooling.
std::shared_ptr<Part> single_pass(const std::string& kind) {
  auto part = std::make_shared<Part>();
  const bool dense = kind == "dense";
  if (dense) {
    part->add<Flatten>("flatten");
    part->add<Dense>("dense",
                     Dense::Options{.in = 49, .out = 19, .relu = true});
  } else {
    part->add<Conv2d>(
        "conv", Conv2d::Options{.in = 1,
                                .out = 19,
                                .kernel = 3,
                                .relu = kind != "behind" && kind != "swish"});
  }
  if (kind != "pool alone")
    part->add<BatchNorm>("bn", 19, dense ? kTorchBatchNorm : kKerasBatchNorm);
  if (kind == "behind") part->add<Relu>("relu");
  if (kind == "swish") part->add<Swish>("swish");
  if (kind.starts_with("pool")) {
    part->add<MaxPool2d>("pool");
    part->add<Dropout>("dropout", 0.0);
  }
  torch::manual_seed(1);
  const torch::NoGradGuard guard;
  for (Tensor& p : part->parameters()) p.normal_(0.2, 0.5);
  return part;
}

enum class Way { kDouble, kPlain, kFused };

// All that one step leaves: the output, every gradient, every statistic.
std::vector<std::pair<std::string, Tensor>> one_step(Part& part,
                                                     const Tensor& images,
                                                     Way way,
                                                     Precision precision) {
  const auto type = way == Way::kDouble ? torch::kDouble : torch::kFloat;
  part.to(type);
  part.train();
  Tensor y;
  {
    const Autocast autocast(torch::kCPU,
                            way == Way::kDouble ? Precision::kFp32 : precision);
    const FusedPasses fused({.fused = way == Way::kFused});
    y = part(images.to(type).contiguous(kNhwc));
  }
  torch::manual_seed(2);
  y.backward(torch::randn(y.sizes()).to(y.scalar_type()));
  std::vector<std::pair<std::string, Tensor>> result = {{"output", y}};
  for (const auto& p : part.named_parameters())
    result.emplace_back(p.key(), p.value().grad());
  for (const auto& b : part.named_buffers())
    result.emplace_back(b.key(), b.value());
  return result;
}

// The distance from double of everything a step leaves, plain and fused.
void compare(Precision precision, double limit, double times_plain) {
  torch::manual_seed(7);
  const Tensor images = torch::rand({40, 1, 7, 7}) - 0.3;
  for (const std::string kind :
       {"before", "pool", "pool alone", "behind", "swish", "dense"}) {
    const auto run = [&](Way way) {
      const auto part = single_pass(kind);
      return one_step(*part, images, way, precision);
    };
    const auto exact = run(Way::kDouble), plain = run(Way::kPlain),
               fused = run(Way::kFused);
    for (size_t i = 0; i < exact.size(); ++i) {
      // In front of a normalisation without a ReLU a bias changes nothing.
      const bool no_relu = kind == "behind" || kind == "swish";
      if (no_relu && exact[i].first == "conv.bias") continue;
      SCOPED_TRACE(kind + ": " + exact[i].first);
      const double of_layers = distance(plain[i].second, exact[i].second);
      EXPECT_EQ(fused[i].second.sizes(), exact[i].second.sizes());
      EXPECT_EQ(fused[i].second.scalar_type(), plain[i].second.scalar_type());
      EXPECT_LE(distance(fused[i].second, exact[i].second),
                limit + times_plain * of_layers)
          << "plain layers: " << of_layers;
    }
  }
}

TEST(Fused, AgreesWithDoubleInFp32) { compare(Precision::kFp32, 2e-6, 1.1); }

// Convolutions in bf16 are rough with and without fused passes.
TEST(Fused, IsAsNearToDoubleAsTheLayersInBf16) {
  compare(Precision::kBf16, 2e-3, 1.1);
}

// Gradients of a whole model, dropout off.
std::vector<Tensor> gradients(const std::string& name, const Tensor& images,
                              Way way, at::MemoryFormat order = kNhwc) {
  Config config;
  config.model.name = name;
  config.model.stem = Stem::kSmall;
  if (name == "fernet") config.model.dropout = {0, 0, 0, 0, 0, 0};
  if (name == "efficientnet_b0") config.model.dropout = {0, 0};
  if (name == "cnn50") config.model.dropout = {0};
  const ModelPtr model =
      make_model(config.model, {images.size(1), images.size(2), 7}, 1);
  const auto type = way == Way::kDouble ? torch::kDouble : torch::kFloat;
  place_model(*model, torch::kCPU, order == kNhwc);
  model->to(type);
  model->train();
  {
    const FusedPasses fused({.fused = way == Way::kFused});
    const Tensor y = model->forward(images.to(type).contiguous(order));
    at::cross_entropy_loss(y, torch::arange(images.size(0)) % 7).backward();
  }
  std::vector<Tensor> result;
  for (const Tensor& p : model->parameters()) {
    if (p.dim() >= 2) result.push_back(p.grad().flatten().to(torch::kDouble));
  }
  return result;
}

// ReLUs that open in one rounding and close in another bound how near two
// float computations of a deep network come; the fused one may not be worse.
TEST(Fused, TrainsWholeModelsAsNearToDoubleAsTheLayers) {
  torch::manual_seed(3);
  const Tensor gray = torch::rand({8, 1, 20, 20});
  const Tensor colour = torch::rand({8, 3, 16, 16});
  for (const std::string name : {"fernet", "resnet18", "resnet50v2", "cnn50"}) {
    SCOPED_TRACE(name);
    const bool plain_cnn = name == "fernet" || name == "cnn50";
    const Tensor& images = plain_cnn ? gray : colour;
    const Tensor exact = at::cat(gradients(name, images, Way::kDouble));
    const double plain =
        distance(at::cat(gradients(name, images, Way::kPlain)), exact);
    const double fused =
        distance(at::cat(gradients(name, images, Way::kFused)), exact);
    EXPECT_LE(fused, 1e-4 + 2 * plain) << "plain layers: " << plain;
    EXPECT_NE(fused, plain);
  }
}

// In NCHW order no kernel of ours takes anything. No ReLU falls one way or
// another here.
TEST(Fused, TrainsAnEfficientNetAsNearToDoubleAsTorchsLayers) {
  const std::string name = "efficientnet_b0";
  torch::manual_seed(3);
  const Tensor images = torch::rand({8, 3, 32, 32});
  const Tensor exact = at::cat(gradients(name, images, Way::kDouble));
  const double torchs =
      distance(at::cat(gradients(name, images, Way::kPlain,
                                 at::MemoryFormat::Contiguous)),
               exact);
  const double fused =
      distance(at::cat(gradients(name, images, Way::kFused)), exact);
  EXPECT_LE(fused, 1.5 * torchs) << "torch's layers: " << torchs;
  EXPECT_NE(fused, torchs);
}

std::string last_step(const std::shared_ptr<Part>& part, const Tensor& images,
                      bool on) {
  const FusedPasses fused({.fused = on});
  return (*part)(images).grad_fn()->name();
}

template <class Behind = Relu>
std::shared_ptr<Part> norm_part() {
  auto part = std::make_shared<Part>();
  part->add<BatchNorm>("bn", 4, kTorchBatchNorm);
  part->add<Behind>("behind");
  return part;
}

TEST(Fused, IsUsedWhereItCanBe) {
  const auto part = norm_part();
  const Tensor images = torch::rand({2, 4, 3, 3}).contiguous(kNhwc);
  const std::string plain = last_step(part, images, false);
  EXPECT_EQ(plain.find("Norm"), std::string::npos) << plain;
  EXPECT_NE(last_step(part, images, true), plain);
  EXPECT_NE(last_step(part, images.to(torch::kBFloat16), true), plain);
  EXPECT_NE(last_step(part, torch::rand({9, 4}), true), plain);
}

TEST(Fused, LeavesTheRestToTheLayers) {
  const auto part = norm_part();
  const Tensor images = torch::rand({2, 4, 3, 3});
  const std::string plain = last_step(part, images, false);
  EXPECT_EQ(last_step(part, images, true), plain);               // NCHW
  EXPECT_EQ(last_step(part, torch::rand({1, 4}), true), plain);  // one value
  part->eval();
  EXPECT_EQ(last_step(part, images.contiguous(kNhwc), true), plain);
  part->train();
  part->to(torch::kDouble);
  EXPECT_EQ(last_step(part, images.to(torch::kDouble).contiguous(kNhwc), true),
            plain);
}

TEST(Fused, ANormalisationAloneIsTheLayersInOnePass) {
  BatchNorm layer(4, kTorchBatchNorm), reference(4, kTorchBatchNorm);
  const Tensor x = golden_values({2, 4, 3, 3}, 0.1, torch::kFloat)
                       .contiguous(kNhwc)
                       .requires_grad_();
  const Tensor expected = norm_alone(reference, x);
  const FusedPasses on({.fused = true});
  const Tensor y = norm_alone(layer, x);
  EXPECT_NE(y.grad_fn()->name(), expected.grad_fn()->name());
  EXPECT_LT(distance(y, expected), 1e-6);
  EXPECT_LT(distance(layer.parts().running_var, reference.parts().running_var),
            1e-6);
  layer.eval();
  EXPECT_EQ(norm_alone(layer, x).grad_fn()->name(), expected.grad_fn()->name());
}

// torch reads the order of pictures from their strides.
TEST(Fused, PicturesOfOneChannelSayThatTheyAreChannelsLast) {
  const Tensor x = torch::rand({2, 1, 5, 7});
  for (const Tensor& pictures : {x, x.slice(3, 1, 5), x.expand({2, 3, 5, 7})}) {
    const Tensor last = in_channels_last(pictures);
    EXPECT_EQ(last.suggest_memory_format(), kNhwc);
    EXPECT_TRUE(last.equal(pictures));
  }
  const torch::NoGradGuard guard;
  Conv2d stem({.in = 1, .out = 4, .kernel = 7, .stride = 2});
  EXPECT_FALSE(stem.forward(x).is_contiguous(kNhwc));
  EXPECT_TRUE(stem.forward(in_channels_last(x)).is_contiguous(kNhwc));
}

TEST(Fused, ScopesNest) {
  const auto part = norm_part();
  const Tensor images = torch::rand({2, 4, 3, 3}).contiguous(kNhwc);
  const FusedPasses outer({.fused = true});
  const std::string fused = (*part)(images).grad_fn()->name();
  {
    const FusedPasses inner({.fused = false});
    EXPECT_NE((*part)(images).grad_fn()->name(), fused);
  }
  EXPECT_EQ((*part)(images).grad_fn()->name(), fused);
}

// Conv - ReLU - BatchNorm - MaxPool - Dropout, its normalised values all above
// zero, so that zeros are dropped values.
Tensor dropped(double rate) {
  auto part = std::make_shared<Part>();
  part->add<Conv2d>(
      "conv", Conv2d::Options{.in = 1, .out = 32, .kernel = 3, .relu = true});
  part->add<BatchNorm>("bn", 32, kTorchBatchNorm);
  part->add<MaxPool2d>("pool");
  part->add<Dropout>("dropout", rate);
  const torch::NoGradGuard guard;
  part->named_parameters()["bn.bias"].fill_(100.0);
  const FusedPasses fused({.fused = true});
  return (*part)(torch::rand({16, 1, 16, 16}).contiguous(kNhwc));
}

TEST(Fused, DropsTheShareAskedForAndScalesTheRest) {
  // 32,768 values: the deviation of the share is 0.0027.
  torch::manual_seed(4);
  const Tensor y = dropped(0.4);
  const double share = (y == 0).to(torch::kDouble).mean().item<double>();
  EXPECT_NEAR(share, 0.4, 0.011);
  EXPECT_NEAR(y.max().item<double>(), 100 / 0.6, 1e-3);
}

TEST(Fused, DropsOtherValuesEachTimeAndTheSameFromTheSameState) {
  torch::manual_seed(5);
  const Tensor first = dropped(0.4), second = dropped(0.4);
  EXPECT_FALSE(first.equal(second));
  torch::manual_seed(5);
  EXPECT_TRUE(first.equal(dropped(0.4)));
}

TEST(Fused, TakesNoRandomNumberAtRateZero) {
  auto generator = at::detail::getDefaultCPUGenerator();
  torch::manual_seed(6);
  dropped(0.0);
  const Tensor after = generator.get_state();
  torch::manual_seed(6);
  torch::rand({16, 1, 16, 16});
  EXPECT_TRUE(after.equal(generator.get_state()));
}

template <class Behind>
void same_bits_on_two_threads() {
  const Tensor images = torch::randn({32, 4, 9, 9}).contiguous(kNhwc);
  std::vector<Tensor> results[2];
  const int before = at::get_num_threads();
  for (const int threads : {1, 2}) {
    at::set_num_threads(threads);
    const auto part = norm_part<Behind>();
    const Tensor x = images.clone().requires_grad_();
    const FusedPasses fused({.fused = true});
    const Tensor y = (*part)(x);
    y.backward(images);
    auto& result = results[threads - 1];
    result = {y, x.grad(), part->named_parameters()["bn.weight"].grad(),
              part->named_buffers()["bn.running_var"]};
  }
  at::set_num_threads(before);
  for (size_t i = 0; i < results[0].size(); ++i)
    EXPECT_TRUE(results[0][i].equal(results[1][i])) << i;
}

TEST(Fused, GivesTheSameBitsOnAnyNumberOfThreads) {
  same_bits_on_two_threads<Relu>();
  same_bits_on_two_threads<Swish>();
}

}  // namespace
}  // namespace fer
