// The passes for a GPU as differentiable functions of tensors, with the kernels
// run on the CPU (see emulated/cuda/launch.h), against those for a CPU.
#include "models/fused_norm_cuda.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "core/error.h"
#include "models/distance.h"
#include "models/fused_norm.h"

namespace fer {
namespace {

using torch::Tensor;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;

// Numbers of a layer that is not at its start.
BatchNorm::Parts layer(int64_t channels, const BatchNormRule& rule,
                       double bias = 0.3) {
  const Tensor steps = torch::arange(channels, torch::kFloat) / channels;
  return {(steps - 0.3).requires_grad_(), (steps + bias).requires_grad_(),
          steps.clone(), steps + 1, rule};
}

struct Step {
  Tensor y, dx, dweight, dbias, mean, variance;
};

// One step of `pass` with a layer of its own and the same gradient.
template <class Pass>
Step step(const Tensor& images, const BatchNormRule& rule, const Pass& pass) {
  const BatchNorm::Parts norm = layer(images.size(1), rule);
  const Tensor x = images.clone().requires_grad_();
  const Tensor y = pass(norm, x);
  torch::manual_seed(2);
  y.backward(torch::randn(y.sizes()).to(y.scalar_type()));
  return {y.detach(),       x.grad(),          norm.weight.grad(),
          norm.bias.grad(), norm.running_mean, norm.running_var};
}

void compare(const Step& found, const Step& expected, double limit) {
  EXPECT_EQ(found.y.sizes(), expected.y.sizes());
  EXPECT_EQ(found.y.strides(), expected.y.strides());
  EXPECT_EQ(found.y.scalar_type(), expected.y.scalar_type());
  EXPECT_EQ(found.dx.scalar_type(), expected.dx.scalar_type());
  EXPECT_LE(distance(found.y, expected.y), limit);
  EXPECT_LE(distance(found.dx, expected.dx), limit);
  EXPECT_LE(distance(found.dweight, expected.dweight), 2e-6);
  EXPECT_LE(distance(found.dbias, expected.dbias), 2e-6);
  EXPECT_LE(distance(found.mean, expected.mean), 1e-6);
  EXPECT_LE(distance(found.variance, expected.variance), 1e-6);
}

Tensor pictures(torch::ScalarType type, int64_t channels = 20) {
  torch::manual_seed(1);
  return torch::randn({6, channels, 7, 9}).to(type).contiguous(kNhwc);
}

double limit_of(torch::ScalarType type) {
  return type == torch::kBFloat16 ? 1e-4 : 2e-6;
}

TEST(FusedNormCuda, IsThePassOfTheCpu) {
  for (const auto type : {torch::kFloat, torch::kBFloat16}) {
    for (const Rectify rectify :
         {Rectify::kNone, Rectify::kBefore, Rectify::kAfter}) {
      for (const BatchNormRule& rule : {kKerasBatchNorm, kTorchBatchNorm}) {
        for (const Tensor& x :
             {pictures(type), pictures(type).flatten(1).contiguous()}) {
          SCOPED_TRACE(testing::Message()
                       << type << ", " << x.dim() << " dimensions, rectify "
                       << static_cast<int>(rectify));
          const auto run = [&](auto pass) {
            return step(x, rule, [&](const auto& norm, const Tensor& values) {
              return pass(norm, values, rectify);
            });
          };
          compare(run(cuda_fused_norm), run(fused_norm), limit_of(type));
        }
      }
    }
  }
}

TEST(FusedNormCuda, PoolsAsThePassOfTheCpu) {
  for (const auto type : {torch::kFloat, torch::kBFloat16}) {
    for (const int64_t channels : {1, 19, 20}) {
      SCOPED_TRACE(testing::Message() << type << ", " << channels);
      const auto run = [&](auto pass) {
        return step(pictures(type, channels), kKerasBatchNorm,
                    [&](const auto& norm, const Tensor& values) {
                      return pass(norm, values, 0.0);
                    });
      };
      compare(run(cuda_fused_norm_pool), run(fused_norm_pool), limit_of(type));
    }
  }
}

// The gradient that comes back may have any order and type.
TEST(FusedNormCuda, ArrangesTheGradient) {
  const Tensor g = torch::randn({6, 20, 7, 9});
  const auto gradient = [](const Tensor& incoming) {
    const Tensor x = pictures(torch::kBFloat16).requires_grad_();
    cuda_fused_norm(layer(20, kTorchBatchNorm), x, Rectify::kBefore)
        .backward(incoming);
    return x.grad();
  };
  const Tensor rounded = g.to(torch::kBFloat16);
  EXPECT_TRUE(gradient(rounded).equal(gradient(rounded.contiguous(kNhwc))));
}

// Every normalised value is above zero, so that zeros are dropped values.
struct Dropped {
  BatchNorm::Parts norm = layer(20, kTorchBatchNorm, /*bias=*/100);
  Tensor x;
  Tensor y = cuda_fused_norm_pool(norm, x, 0.4);
  Tensor kept() const { return y != 0; }
};

TEST(FusedNormCuda, LearnsFromKeptValuesAlone) {
  const Dropped run{.x = pictures(torch::kFloat).requires_grad_()};
  run.y.backward(torch::ones_like(run.y));
  const Tensor x = run.x.detach().to(torch::kDouble).requires_grad_();
  const Tensor weight = run.norm.weight.detach().to(torch::kDouble),
               bias = run.norm.bias.detach().to(torch::kDouble);
  Tensor y = at::batch_norm(at::relu(x), weight, bias, {}, {}, true, 0.1,
                            kTorchBatchNorm.epsilon, false);
  y = at::max_pool2d(y, {2, 2}, {2, 2}) * run.kept() / 0.6;
  y.backward(torch::ones_like(y));
  EXPECT_LE(distance(run.y, y), 1e-6);
  EXPECT_LE(distance(run.x.grad(), x.grad()), 1e-5);
}

TEST(FusedNormCuda, DropsTheShareAskedForAndOtherValuesEachTime) {
  const Tensor x = pictures(torch::kFloat);
  torch::manual_seed(5);
  const Tensor first = Dropped{.x = x}.kept(), second = Dropped{.x = x}.kept();
  EXPECT_FALSE(first.equal(second));
  torch::manual_seed(5);
  EXPECT_TRUE(first.equal(Dropped{.x = x}.kept()));
  // 1,440 values: the deviation of the share is 0.013.
  EXPECT_NEAR(first.to(torch::kDouble).mean().item<double>(), 0.6, 0.052);
}

TEST(FusedNormCuda, TakesNoRandomNumberAtRateZero) {
  const auto generator = at::detail::getDefaultCPUGenerator();
  const Tensor x = pictures(torch::kFloat);
  const Tensor before = generator.get_state();
  cuda_fused_norm_pool(layer(20, kTorchBatchNorm), x, 0);
  EXPECT_TRUE(before.equal(generator.get_state()));
  cuda_fused_norm_pool(layer(20, kTorchBatchNorm), x, 0.1);
  EXPECT_FALSE(before.equal(generator.get_state()));
}

TEST(FusedNormCuda, TakesWhatItsNumbersCanCount) {
  const auto takes = [](at::IntArrayRef sizes) {
    return cuda_takes(at::empty(sizes, torch::kMeta));
  };
  EXPECT_TRUE(takes({1 << 16, 4, 1 << 7, 1 << 7}));
  EXPECT_FALSE(takes({1 << 16, 1, 1 << 8, 1 << 7}));       // 2^31 rows
  EXPECT_FALSE(takes({1 << 16, 1 << 8, 1 << 5, 1 << 5}));  // 2^34 values
}

TEST(FusedNormCuda, NamesTheSettingWhereTheGpuRefuses) {
  check_queued(nullptr);
  try {
    check_queued("invalid argument");
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[fused] expected the GPU to take a pass of batch "
                 "normalisation; got 'invalid argument'. Set train.cuda_fused: "
                 "false, or see `ferbench doctor`.");
  }
}

}  // namespace
}  // namespace fer
