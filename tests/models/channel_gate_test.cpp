// Squeeze-excitation's passes: values and gradients beside torch's in double,
// and what they leave to torch.
#include "models/channel_gate.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/autograd.h>

#include "models/distance.h"
#include "train/device.h"

namespace fer {
namespace {

using torch::Tensor;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;

// Output and gradient of x * sigmoid(3 * mean of x).
std::vector<Tensor> one_step(torch::ScalarType type, bool ours) {
  torch::manual_seed(5);
  const Tensor x = (torch::randn({6, 21, 5, 7}) + 0.2)
                       .to(type)
                       .contiguous(kNhwc)
                       .requires_grad_();
  const auto gate = [](const Tensor& mean) { return at::sigmoid(3 * mean); };
  Tensor y;
  if (ours) {
    const PixelsAndMean both = with_channel_means(x);
    y = channel_gated(both.pixels, gate(both.mean));
  } else {
    y = x * gate(x.mean({2, 3}, /*keepdim=*/true));
  }
  y.backward(torch::randn(y.sizes()).to(type));
  return {y, x.grad()};
}

TEST(ChannelGate, IsTorchsFormulaWithItsGradient) {
  const auto exact = one_step(torch::kDouble, false);
  const auto ours = one_step(torch::kFloat, true);
  for (size_t i = 0; i < exact.size(); ++i) {
    EXPECT_LE(distance(ours[i], exact[i]), 5e-7) << i;
    EXPECT_TRUE(ours[i].is_contiguous(kNhwc));
  }
}

TEST(ChannelGate, GivesTheGradientOfEachResultAlone) {
  const auto gradient = [](const auto& result_of) {
    const Tensor x =
        torch::ones({2, 3, 2, 2}).contiguous(kNhwc).requires_grad_();
    result_of(with_channel_means(x)).sum().backward();
    return x.grad();
  };
  const Tensor ones = torch::ones({2, 3, 2, 2});
  EXPECT_TRUE(
      gradient([](const PixelsAndMean& r) { return r.pixels; }).equal(ones));
  EXPECT_TRUE(
      gradient([](const PixelsAndMean& r) { return r.mean; }).equal(ones / 4));
}

TEST(ChannelGate, GivesTheSameBitsOnAnyNumberOfThreads) {
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const auto one = one_step(torch::kFloat, true);
  at::set_num_threads(2);
  const auto two = one_step(torch::kFloat, true);
  at::set_num_threads(before);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(one[i].equal(two[i]));
}

TEST(ChannelGate, LeavesTheRestToTorch) {
  const Tensor x = torch::rand({2, 4, 3, 3}).contiguous(kNhwc);
  EXPECT_TRUE(gate_takes(x));
  EXPECT_FALSE(gate_takes(x.contiguous()));
  EXPECT_FALSE(gate_takes(x.to(torch::kDouble)));
  EXPECT_FALSE(gate_takes(x.to(torch::kBFloat16)));
  EXPECT_FALSE(gate_takes(torch::rand({2, 4})));
  const Autocast autocast(torch::kCPU, Precision::kBf16);
  EXPECT_FALSE(gate_takes(x));
}

}  // namespace
}  // namespace fer
