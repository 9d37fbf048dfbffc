// Convolutions over maps of a few pixels, tap by tap, against torch's.
#include "models/tap_conv.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include "models/distance.h"
#include "models/layers.h"

namespace fer {
namespace {

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;
constexpr ConvStep kSame{3, 1, 1};

struct Case {
  int64_t height, width, out;
  bool bias;
};

// Output and gradients of x, weight and bias; 17 channels.
template <class Convolution>
std::vector<torch::Tensor> results(const Case& c, torch::ScalarType type,
                                   const Convolution& convolution) {
  const torch::Tensor x = golden_values({3, 17, c.height, c.width}, 0.1, type)
                              .contiguous(kNhwc)
                              .requires_grad_();
  const torch::Tensor w =
      golden_values({c.out, 17, 3, 3}, 0.2, type).requires_grad_();
  const torch::Tensor b = golden_values({c.out}, 0.3, type).requires_grad_();
  const torch::Tensor y = convolution(x, w, c.bias ? b : torch::Tensor());
  (y * golden_values(y.sizes(), 0.4, type)).sum().backward();
  std::vector<torch::Tensor> all{y.detach(), x.grad(), w.grad()};
  if (c.bias) all.push_back(b.grad());
  return all;
}

void expect_near(const torch::Tensor& ours, const torch::Tensor& theirs,
                 double tolerance) {
  EXPECT_LE((ours - theirs).abs().max().item<double>(),
            tolerance * (1 + theirs.abs().max().item<double>()));
}

TEST(TapConv, EqualsTheConvolutionWithItsGradients) {
  for (const auto type : {torch::kDouble, torch::kFloat}) {
    for (const Case& c :
         {Case{1, 1, 5, true}, Case{2, 2, 5, false}, Case{3, 3, 8, true},
          Case{1, 3, 16, false}, Case{3, 2, 1, true}}) {
      SCOPED_TRACE(testing::Message() << c.height << "x" << c.width);
      const auto ours = results(c, type, [](auto& x, auto& w, auto b) {
        EXPECT_TRUE(taps_take(x, kSame));
        return tap_conv2d(x, w, b);
      });
      const auto theirs = results(c, type, [](auto& x, auto& w, auto b) {
        return at::conv2d(x, w, b, 1, 1);
      });
      for (size_t i = 0; i < theirs.size(); ++i)
        expect_near(ours[i], theirs[i], type == torch::kDouble ? 1e-14 : 2e-6);
    }
  }
}

// A kernel whose corners see nothing has no gradient there.
TEST(TapConv, TapsOutsideOfTheMapGetNoGradient) {
  const auto parts =
      results({1, 1, 4, false}, torch::kDouble,
              [](auto& x, auto& w, auto b) { return tap_conv2d(x, w, b); });
  torch::Tensor outside = parts[2].clone();
  outside.select(3, 1).select(2, 1).zero_();
  EXPECT_EQ(outside.abs().max().item<double>(), 0);
  EXPECT_GT(parts[2].abs().max().item<double>(), 0);
}

TEST(TapConv, KeepsChannelsLastAndSkipsFrozenParts) {
  const auto x = golden_values({2, 16, 2, 2}, 0.1, torch::kFloat)
                     .contiguous(kNhwc)
                     .requires_grad_();
  const auto w = golden_values({4, 16, 3, 3}, 0.2, torch::kFloat);
  const torch::Tensor y = tap_conv2d(x, w, {});
  EXPECT_TRUE(y.is_contiguous(kNhwc));
  y.sum().backward();
  EXPECT_TRUE(x.grad().is_contiguous(kNhwc));
  EXPECT_FALSE(w.grad().defined());
}

TEST(TapConv, LeavesWhatDoesNotPayToOthers) {
  const auto map = [](int64_t channels, int64_t height, int64_t width) {
    return golden_values({2, channels, height, width}, 0, torch::kFloat)
        .contiguous(kNhwc);
  };
  const torch::Tensor x = map(16, 3, 3);
  EXPECT_TRUE(taps_take(x, kSame));
  EXPECT_FALSE(taps_take(x, {3, 2, 1}));
  EXPECT_FALSE(taps_take(x, {3, 1, 0}));
  EXPECT_FALSE(taps_take(x, {5, 1, 2}));
  EXPECT_FALSE(taps_take(map(16, 4, 3), kSame)) << "Winograd's or torch's";
  EXPECT_FALSE(taps_take(map(3, 3, 3), kSame)) << "few channels";
  EXPECT_FALSE(taps_take(x.contiguous(), kSame)) << "channels first";
  EXPECT_FALSE(taps_take(x.to(torch::kBFloat16), kSame));
  at::autocast::set_autocast_enabled(at::kCPU, true);
  EXPECT_FALSE(taps_take(x, kSame));
  at::autocast::set_autocast_enabled(at::kCPU, false);
}

TEST(TapConv, IsWhatTheLayerDoesOnSmallMaps) {
  const torch::Tensor x =
      golden_values({2, 16, 2, 2}, 0, torch::kFloat).contiguous(kNhwc);
  for (const int64_t groups : {1, 2}) {
    Conv2d layer({.in = 16, .out = 6, .kernel = 3, .groups = groups});
    const torch::NoGradGuard guard;
    for (torch::Tensor& p : layer.parameters())
      p.copy_(golden_values(p.sizes(), 0.7, torch::kFloat));
    const auto p = layer.parameters();
    expect_near(layer.forward(x), at::conv2d(x, p[0], p[1], 1, 1, 1, groups),
                2e-6);
  }
}

}  // namespace
}  // namespace fer
