// Depthwise convolutions as layers use them: values and gradients beside
// torch's in double, the cases they leave to torch.
#include "models/depthwise_conv.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/autograd.h>

#include "models/distance.h"
#include "models/layers.h"
#include "train/device.h"

namespace fer {
namespace {

using torch::Tensor;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;

Tensor leaf(const Tensor& values) {
  return values.detach().clone(at::MemoryFormat::Preserve).requires_grad_();
}

struct Case {
  int64_t channels, height, width;
  ConvStep step;
};

Tensor torchs(const Tensor& x, const Tensor& weight, const ConvStep& s) {
  return at::conv2d(x, weight, {}, {s.stride, s.stride}, {s.padding, s.padding},
                    {1, 1}, x.size(1));
}

// Output, then the gradients of input and weight.
template <class Convolution>
std::vector<Tensor> one_step(const Case& c, torch::ScalarType type,
                             const Convolution& convolution) {
  torch::manual_seed(11);
  const Tensor x = leaf(torch::randn({16, c.channels, c.height, c.width})
                            .to(type)
                            .contiguous(kNhwc));
  const Tensor weight = leaf(
      torch::randn({c.channels, 1, c.step.kernel, c.step.kernel}).to(type));
  const Tensor y = convolution(x, weight, c.step);
  y.backward(torch::randn(y.sizes()).to(type));
  return {y, x.grad(), weight.grad()};
}

const std::vector<Case> kCases = {
    {24, 13, 12, {3, 1, 1}}, {19, 7, 9, {5, 1, 2}},   {40, 12, 13, {3, 2, 1}},
    {24, 9, 8, {5, 2, 2}},   {16, 13, 13, {3, 2, 0}}, {16, 9, 9, {5, 2, 0}},
    {33, 2, 2, {5, 1, 2}}};

TEST(DepthwiseConv, IsTorchsConvolution) {
  for (const Case& c : kCases) {
    const auto exact = one_step(c, torch::kDouble, torchs);
    const auto fast = one_step(c, torch::kFloat, depthwise_conv2d);
    for (size_t i = 0; i < exact.size(); ++i) {
      EXPECT_EQ(fast[i].sizes(), exact[i].sizes());
      EXPECT_LE(distance(fast[i], exact[i]), 1e-6)
          << c.step.kernel << " taps, " << c.height << " rows, " << i;
    }
    EXPECT_TRUE(fast[0].is_contiguous(kNhwc));
    EXPECT_TRUE(fast[1].is_contiguous(kNhwc));
  }
}

TEST(DepthwiseConv, GivesTheSameBitsOnAnyNumberOfThreads) {
  const int before = at::get_num_threads();
  for (const Case& c : kCases) {
    at::set_num_threads(1);
    const auto one = one_step(c, torch::kFloat, depthwise_conv2d);
    at::set_num_threads(2);
    const auto two = one_step(c, torch::kFloat, depthwise_conv2d);
    for (size_t i = 0; i < one.size(); ++i)
      EXPECT_TRUE(one[i].equal(two[i])) << c.height << " rows, " << i;
  }
  at::set_num_threads(before);
}

TEST(DepthwiseConv, ComputesOnlyTheGradientsAskedFor) {
  const ConvStep step{3, 1, 1};
  const Tensor x = torch::randn({2, 8, 5, 5}).contiguous(kNhwc);
  const Tensor weight = torch::randn({8, 1, 3, 3});
  const Tensor trained = leaf(weight), input = leaf(x);
  depthwise_conv2d(x, trained, step).sum().backward();
  EXPECT_TRUE(trained.grad().defined());
  EXPECT_FALSE(x.grad().defined());
  depthwise_conv2d(input, weight, step).sum().backward();
  EXPECT_TRUE(input.grad().defined());
}

std::string step_of(Conv2d::Options options, const Tensor& x) {
  Conv2d layer(options);
  layer.to(x.scalar_type() == torch::kDouble ? torch::kDouble : torch::kFloat);
  return layer(x).grad_fn()->name();
}

TEST(DepthwiseConv, IsUsedWhereItCanBe) {
  const Conv2d::Options three{
      .in = 8, .out = 8, .kernel = 3, .groups = 8, .bias = false};
  Conv2d::Options other = three;
  const Tensor x = torch::rand({2, 8, 9, 9}).contiguous(kNhwc);
  const std::string torchs = step_of(three, x.contiguous());  // NCHW
  const std::string ours = step_of(three, x);
  EXPECT_NE(ours, torchs);
  EXPECT_EQ(step_of(three, x.to(torch::kDouble)), torchs);
  {
    const Autocast autocast(torch::kCPU, Precision::kBf16);
    EXPECT_NE(step_of(three, x), ours);
  }
  other.kernel = 5;
  other.stride = 2;
  other.padding = 0;
  EXPECT_EQ(step_of(other, x), ours);
  other.kernel = 7;
  EXPECT_EQ(step_of(other, x), torchs);
  other = three;
  other.bias = true;
  EXPECT_EQ(step_of(other, x), torchs);
  other = three;
  other.groups = 4;
  EXPECT_EQ(step_of(other, x), torchs);
  other = three;
  other.out = 16;
  EXPECT_EQ(step_of(other, x), torchs);
}

}  // namespace
}  // namespace fer
