// Winograd's convolutions as layers use them in training: values and gradients
// beside torch's in double, the cases they leave alone, whole models.
#include "models/fused_conv.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/autograd.h>

#include "models/fused.h"
#include "models/layers.h"
#include "models/registry.h"
#include "train/device.h"
#include "train/step_engine.h"

namespace fer {
namespace {

using torch::Tensor;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;
constexpr Passes kDirect{.fused = true};
constexpr Passes kWinograd{.fused = true, .winograd = true};

double distance(const Tensor& a, const Tensor& b) {
  const Tensor exact = b.to(torch::kDouble);
  return (a.to(torch::kDouble) - exact).norm().item<double>() /
         exact.norm().item<double>();
}

Tensor leaf(const Tensor& values) {
  return values.detach().clone(at::MemoryFormat::Preserve).requires_grad_();
}

struct Case {
  Tensor x, weight, bias, gradient;
};

Case case_of(int64_t in, int64_t out, int64_t size, int64_t taps) {
  torch::manual_seed(11);
  return {torch::randn({16, in, size, size}).contiguous(kNhwc),
          torch::randn({out, in, taps, taps}), torch::randn({out}),
          torch::randn({16, out, size, size})};
}

// Output, then the gradients of input, weight and bias.
template <class Convolution>
std::vector<Tensor> one_step(const Case& c, torch::ScalarType type,
                             const Convolution& convolution) {
  const Tensor x = leaf(c.x.to(type)), weight = leaf(c.weight.to(type)),
               bias = leaf(c.bias.to(type));
  const Tensor y = convolution(x, weight, bias);
  y.backward(c.gradient.to(type));
  return {y, x.grad(), weight.grad(), bias.grad()};
}

TEST(FusedConv, IsTorchsConvolution) {
  for (const int64_t taps : {3, 5}) {
    const Case c = case_of(16, 32, 9, taps);
    const auto exact =
        one_step(c, torch::kDouble,
                 [&](const Tensor& x, const Tensor& w, const Tensor& b) {
                   return at::conv2d(x, w, b, 1, {taps / 2, taps / 2});
                 });
    const auto fast = one_step(c, torch::kFloat, winograd_conv2d);
    for (size_t i = 0; i < exact.size(); ++i) {
      EXPECT_EQ(fast[i].sizes(), exact[i].sizes());
      EXPECT_LE(distance(fast[i], exact[i]), 5e-6) << taps << " taps, " << i;
    }
    EXPECT_TRUE(fast[0].is_contiguous(kNhwc));
  }
}

TEST(FusedConv, ComputesOnlyTheGradientsAskedFor) {
  const Case c = case_of(16, 16, 8, 3);
  const Tensor all = one_step(c, torch::kFloat, winograd_conv2d)[2];
  const Tensor weight = leaf(c.weight);
  // No bias, and an input that is data.
  const Tensor y = winograd_conv2d(c.x, weight, {});
  y.backward(c.gradient);
  EXPECT_TRUE(weight.grad().equal(all));
  EXPECT_FALSE(c.x.grad().defined());
  // A frozen kernel lets the gradient through.
  const Tensor x = leaf(c.x);
  winograd_conv2d(x, c.weight, {}).backward(c.gradient);
  EXPECT_TRUE(x.grad().defined());
}

TEST(FusedConv, GivesTheSameBitsOnAnyNumberOfThreads) {
  const int before = at::get_num_threads();
  for (const int64_t taps : {3, 5}) {
    const Case c = case_of(32, 48, 13, taps);
    at::set_num_threads(1);
    const auto one = one_step(c, torch::kFloat, winograd_conv2d);
    at::set_num_threads(2);
    const auto two = one_step(c, torch::kFloat, winograd_conv2d);
    for (size_t i = 0; i < one.size(); ++i)
      EXPECT_TRUE(one[i].equal(two[i])) << taps << " taps, " << i;
  }
  at::set_num_threads(before);
}

std::string step_of(Conv2d& layer, const Tensor& x, Passes passes) {
  const FusedPasses scope(passes);
  return layer.before_relu(x).grad_fn()->name();
}

TEST(FusedConv, IsUsedWhereItCanBe) {
  const Tensor x = torch::rand({16, 16, 8, 8}).contiguous(kNhwc);
  Conv2d layer({.in = 16, .out = 32, .kernel = 3});
  const std::string direct = step_of(layer, x, {});
  EXPECT_EQ(step_of(layer, x, kDirect), direct);
  const std::string fast = step_of(layer, x, kWinograd);
  EXPECT_NE(fast, direct);
  Conv2d five({.in = 16, .out = 32, .kernel = 5, .bias = false});
  EXPECT_EQ(step_of(five, x, kWinograd), fast);
}

TEST(FusedConv, LeavesTheRestToTorch) {
  const Tensor x = torch::rand({16, 16, 8, 8}).contiguous(kNhwc);
  Conv2d layer({.in = 16, .out = 32, .kernel = 3});
  const std::string direct = step_of(layer, x, {});
  EXPECT_EQ(step_of(layer, x.contiguous(), kWinograd), direct);  // NCHW
  EXPECT_EQ(
      step_of(layer, torch::rand({1, 16, 8, 8}).contiguous(kNhwc), kWinograd),
      direct);  // too few tiles
  {
    const Autocast autocast(torch::kCPU, Precision::kBf16);
    EXPECT_EQ(step_of(layer, x, kWinograd), step_of(layer, x, {}));
  }
  Conv2d strided({.in = 16, .out = 32, .kernel = 5, .stride = 2});
  EXPECT_EQ(step_of(strided, x, kWinograd), direct);
  Conv2d grouped({.in = 16, .out = 32, .kernel = 3, .groups = 2});
  EXPECT_EQ(step_of(grouped, x, kWinograd), direct);
  Conv2d unpadded({.in = 16, .out = 32, .kernel = 3, .padding = 0});
  EXPECT_EQ(step_of(unpadded, x, kWinograd), direct);
  layer.eval();
  EXPECT_EQ(step_of(layer, x, kWinograd), direct);
  layer.train();
  layer.to(torch::kDouble);
  EXPECT_EQ(step_of(layer, x.to(torch::kDouble), kWinograd), direct);
}

TEST(FusedConv, SwitchedOffGivesTorchsBits) {
  const Tensor x = torch::rand({16, 16, 8, 8}).contiguous(kNhwc);
  Conv2d layer({.in = 16, .out = 32, .kernel = 3, .bias = false});
  const torch::NoGradGuard guard;
  layer.named_parameters()["weight"].normal_();
  const Tensor expected = at::conv2d(x, layer.named_parameters()["weight"], {},
                                     1, at::IntArrayRef({1, 1}));
  {
    const FusedPasses scope(kDirect);
    EXPECT_TRUE(layer.before_relu(x).equal(expected));
  }
  const FusedPasses scope(kWinograd);
  EXPECT_FALSE(layer.before_relu(x).equal(expected));
}

// Gradients of Fernet without dropout.
Tensor gradients(const Tensor& images, Passes passes, torch::ScalarType type) {
  Config config;
  config.model.dropout = {0, 0, 0, 0, 0, 0};
  const ModelPtr model =
      make_model(config.model, {images.size(1), images.size(2), 7}, 1);
  place_model(*model, torch::kCPU, true);
  model->to(type);
  model->train();
  const FusedPasses scope(passes);
  const Tensor y = model->forward(images.to(type).contiguous(kNhwc));
  at::cross_entropy_loss(y, torch::arange(images.size(0)) % 7).backward();
  std::vector<Tensor> result;
  for (const Tensor& p : model->parameters()) {
    if (p.dim() >= 2) result.push_back(p.grad().flatten().to(torch::kDouble));
  }
  return at::cat(result);
}

// ReLUs and maxima that fall one way in one rounding and another way in
// another bound how near two float computations of a network come.
TEST(FusedConv, TrainsFernetNearDouble) {
  torch::manual_seed(3);
  const Tensor images = torch::rand({16, 1, 24, 24});
  const Tensor exact = gradients(images, {}, torch::kDouble);
  const Tensor direct = gradients(images, kDirect, torch::kFloat);
  const Tensor fast = gradients(images, kWinograd, torch::kFloat);
  EXPECT_LE(distance(fast, exact), 1e-2)
      << "direct: " << distance(direct, exact);
  EXPECT_FALSE(fast.equal(direct));
}

}  // namespace
}  // namespace fer
