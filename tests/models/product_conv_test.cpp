// Convolutions as matrix products against torch's.
#include "models/product_conv.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/cpu/Utils.h>
#include <gtest/gtest.h>

#include "models/distance.h"
#include "models/layers.h"

namespace fer {
namespace {

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;

struct Case {
  int64_t height, width, in, out;
  ConvStep step;
  bool bias;
};

// Output and gradients of x, weight and bias.
template <class Convolution>
std::vector<torch::Tensor> results(const Case& c, torch::ScalarType type,
                                   const Convolution& convolution) {
  const torch::Tensor x = golden_values({3, c.in, c.height, c.width}, 0.1, type)
                              .contiguous(kNhwc)
                              .requires_grad_();
  const torch::Tensor w =
      golden_values({c.out, c.in, c.step.kernel, c.step.kernel}, 0.2, type)
          .requires_grad_();
  const torch::Tensor b = golden_values({c.out}, 0.3, type).requires_grad_();
  const torch::Tensor y = convolution(x, w, c.bias ? b : torch::Tensor());
  (y * golden_values(y.sizes(), 0.4, type)).sum().backward();
  std::vector<torch::Tensor> all{y.detach(), x.grad(), w.grad()};
  if (c.bias) all.push_back(b.grad());
  return all;
}

const std::vector<Case> kCases = {
    {5, 7, 6, 4, {1, 1, 0}, true},   {5, 7, 6, 4, {1, 2, 0}, false},
    {4, 6, 3, 16, {1, 2, 0}, true},  {7, 7, 16, 8, {1, 3, 0}, true},
    {1, 1, 32, 8, {1, 1, 0}, true},  {2, 2, 1, 5, {1, 2, 0}, false},
    {5, 7, 16, 4, {3, 2, 1}, true},  {6, 4, 16, 8, {3, 2, 1}, false},
    {1, 2, 16, 8, {3, 2, 1}, false}, {7, 8, 17, 3, {3, 3, 1}, true},
    {7, 8, 16, 3, {3, 2, 0}, true},  {5, 4, 16, 3, {3, 2, 2}, true},
};

TEST(ProductConv, EqualsTheConvolutionWithItsGradients) {
  for (const auto type : {torch::kDouble, torch::kFloat}) {
    const double tolerance = type == torch::kDouble ? 1e-14 : 2e-6;
    for (const Case& c : kCases) {
      const auto ours = results(c, type, [&](auto& x, auto& w, auto b) {
        EXPECT_TRUE(product_takes(x, c.step));
        return product_conv2d(x, w, b, c.step);
      });
      const auto theirs = results(c, type, [&](auto& x, auto& w, auto b) {
        return at::conv2d(x, w, b, c.step.stride, c.step.padding);
      });
      for (size_t i = 0; i < theirs.size(); ++i) {
        EXPECT_LE(
            (ours[i] - theirs[i]).abs().max().template item<double>(),
            tolerance * (1 + theirs[i].abs().max().template item<double>()))
            << "part " << i << " of " << c.height << "x" << c.width << " "
            << c.in << " to " << c.out << ", kernel " << c.step.kernel
            << ", stride " << c.step.stride;
      }
    }
  }
}

TEST(ProductConv, KeepsChannelsLast) {
  for (const Case& c : {kCases[1], kCases[6]}) {
    const auto parts = results(c, torch::kFloat, [&](auto& x, auto& w, auto b) {
      return product_conv2d(x, w, b, c.step);
    });
    EXPECT_TRUE(parts[0].is_contiguous(kNhwc));
    EXPECT_TRUE(parts[1].is_contiguous(kNhwc));
  }
}

TEST(ProductConv, LeavesWhatDoesNotPayToTorch) {
  const ConvStep one{1, 1, 0}, thinned{3, 2, 1};
  const torch::Tensor x = golden_values({2, 16, 3, 3}, 0, torch::kFloat);
  EXPECT_FALSE(product_takes(x, one)) << "channels first";
  const torch::Tensor last = x.contiguous(kNhwc);
  EXPECT_TRUE(product_takes(last, one));
  EXPECT_TRUE(product_takes(last, thinned));
  EXPECT_FALSE(product_takes(last, {1, 1, 1})) << "padded";
  EXPECT_FALSE(product_takes(last, {3, 1, 1})) << "Winograd's or torch's";
  EXPECT_FALSE(product_takes(last, {7, 2, 3}));
  EXPECT_FALSE(product_takes(last.slice(2, 0, 2).contiguous(kNhwc), {3, 2, 0}))
      << "nothing would be left";
  EXPECT_FALSE(product_takes(last.narrow(1, 0, 3).contiguous(kNhwc), thinned))
      << "few channels";
  EXPECT_FALSE(product_takes(last.narrow(0, 0, 0), one)) << "no images";
}

// Whether x counts as bfloat16 here and now is one question, what pays another.
TEST(ProductConv, TakesBf16WhereTheProcessorMultipliesTilesOfIt) {
  const ConvStep one{1, 1, 0}, same{3, 1, 1};
  const auto map = [](int64_t channels, int64_t side) {
    return golden_values({2, channels, side, side}, 0, torch::kBFloat16)
        .contiguous(kNhwc);
  };
  const torch::Tensor x = map(16, 3);
  const auto able = at::cpu::get_cpu_capabilities();
  const auto tiles = able.find("amx_bf16");
  const bool can = tiles != able.end() && tiles->second.toBool();
  EXPECT_EQ(bf16_products_take(x), can);
  EXPECT_EQ(product_takes(x, one), can);
  EXPECT_EQ(product_takes(x, same), can);
  EXPECT_FALSE(product_takes(map(16, 4), same));
  EXPECT_FALSE(product_takes(map(511, 6), same));
  EXPECT_EQ(product_takes(map(512, 6), same), can);
  EXPECT_FALSE(product_takes(map(512, 7), same));
  EXPECT_FALSE(product_takes(x, {3, 1, 0}));
  EXPECT_FALSE(product_takes(map(3, 3), same)) << "few channels";
  EXPECT_FALSE(product_takes(x.contiguous(), one)) << "channels first";

  const torch::Tensor wide = x.to(torch::kFloat);
  EXPECT_FALSE(product_takes(wide, same)) << "Winograd's or taps";
  at::autocast::set_autocast_enabled(at::kCPU, true);
  at::autocast::set_autocast_dtype(at::kCPU, torch::kBFloat16);
  EXPECT_EQ(product_takes(wide, one), can);
  EXPECT_EQ(product_takes(wide, same), can);
  EXPECT_FALSE(product_takes(wide.to(torch::kDouble), one));
  at::autocast::set_autocast_enabled(at::kCPU, false);
}

// In bfloat16 sums are as exact as torch's: one rounding of the result. 2^-8
// for it, and as much for what the gradients were rounded to before.
TEST(ProductConv, IsNearDoubleInBf16) {
  std::vector<Case> cases = kCases;
  cases.push_back({3, 3, 32, 8, {3, 1, 1}, true});
  cases.push_back({2, 2, 16, 5, {3, 1, 1}, false});
  for (const Case& c : cases) {
    const auto ours =
        results(c, torch::kBFloat16, [&](auto& x, auto& w, auto b) {
          return product_conv2d(x, w, b, c.step);
        });
    const auto exact =
        results(c, torch::kBFloat16, [&](auto& x, auto& w, auto b) {
          return at::conv2d(x.to(torch::kDouble), w.to(torch::kDouble),
                            b.defined() ? b.to(torch::kDouble) : b,
                            c.step.stride, c.step.padding);
        });
    for (size_t i = 0; i < exact.size(); ++i) {
      const torch::Tensor theirs = exact[i].to(torch::kDouble);
      EXPECT_LE((ours[i].to(torch::kDouble) - theirs)
                    .abs()
                    .max()
                    .template item<double>(),
                0x1p-7 * theirs.abs().max().template item<double>())
          << "part " << i << ", kernel " << c.step.kernel << ", " << c.height
          << "x" << c.width;
    }
  }
}

TEST(ProductConv, UnderAutocastGivesBf16AndGradientsOfTheWeightsType) {
  const Case c{3, 3, 32, 8, {3, 1, 1}, true};
  at::autocast::set_autocast_enabled(at::kCPU, true);
  at::autocast::set_autocast_dtype(at::kCPU, torch::kBFloat16);
  const auto parts = results(c, torch::kFloat, [&](auto& x, auto& w, auto b) {
    return product_conv2d(x, w, b, c.step);
  });
  at::autocast::set_autocast_enabled(at::kCPU, false);
  at::autocast::clear_cache();
  EXPECT_EQ(parts[0].scalar_type(), torch::kBFloat16);
  for (size_t i = 1; i < parts.size(); ++i)
    EXPECT_EQ(parts[i].scalar_type(), torch::kFloat) << i;
  const auto exact = results(c, torch::kDouble, [&](auto& x, auto& w, auto b) {
    return at::conv2d(x, w, b, 1, 1);
  });
  for (size_t i = 0; i < exact.size(); ++i) {
    EXPECT_LE((parts[i] - exact[i]).abs().max().item<double>(),
              0x1p-6 * exact[i].abs().max().item<double>())
        << i;
  }
}

// With padding, groups or a larger kernel the layer is torch's convolution.
TEST(ProductConv, IsTakenByTheLayerWhereItIsTheSame) {
  const torch::Tensor x =
      golden_values({2, 4, 3, 3}, 0, torch::kFloat).contiguous(kNhwc);
  for (const Conv2d::Options& options :
       {Conv2d::Options{.in = 4, .out = 6, .kernel = 1},
        Conv2d::Options{.in = 4, .out = 6, .kernel = 1, .stride = 2},
        Conv2d::Options{.in = 4, .out = 6, .kernel = 1, .padding = 1},
        Conv2d::Options{.in = 4, .out = 6, .kernel = 1, .groups = 2}}) {
    Conv2d layer(options);
    const torch::NoGradGuard guard;
    for (torch::Tensor& p : layer.parameters())
      p.copy_(golden_values(p.sizes(), 0.7, torch::kFloat));
    const auto p = layer.parameters();
    const int64_t padding = options.padding < 0 ? 0 : options.padding;
    EXPECT_TRUE(layer.forward(x).allclose(
        at::conv2d(x, p[0], p[1], options.stride, {padding, padding}, 1,
                   options.groups),
        1e-5, 1e-6));
  }
}

}  // namespace
}  // namespace fer
