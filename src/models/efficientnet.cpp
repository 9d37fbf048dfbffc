#include "models/efficientnet.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "models/chain.h"
#include "models/channel_gate.h"
#include "models/dropout_rates.h"
#include "models/stochastic_depth.h"

namespace fer {
namespace {

// What distinguishes timm's networks from Keras's.
struct Style {
  BatchNormRule norm;
  bool even_padding;  // EvenPad2d before strides of 2
  KernelInit init;
};

Style timm_style(const ModelConfig& config) {
  return {batch_norm_rule(config.batch_norm, kTorchBatchNorm), false,
          KernelInit::kHeFanOut};
}

Style keras_style(const ModelConfig& config) {
  return {batch_norm_rule(config.batch_norm, kKerasBatchNorm), true,
          KernelInit::kHeFanOutCut};
}

// Keras's correct_pad: kernel / 2 on each side, but one less at the top and
// left of an even size.
class EvenPad2d final : public Layer {
 public:
  explicit EvenPad2d(int64_t kernel)
      : Layer("ZeroPadding2D"), side_(kernel / 2) {}
  torch::Tensor forward(const torch::Tensor& x) override {
    const int64_t top = side_ - (1 - x.size(2) % 2);
    const int64_t left = side_ - (1 - x.size(3) % 2);
    return at::constant_pad_nd(x, {left, side_, top, side_});
  }

 private:
  int64_t side_;
};

// x * sigmoid(conv_expand(swish(conv_reduce(mean of each channel)))).
class SqueezeExcite final : public Layer {
 public:
  SqueezeExcite(int64_t channels, int64_t squeezed, KernelInit init)
      : Layer("Multiply") {
    const auto conv = [&](const char* name, int64_t in, int64_t out) {
      return register_module(
          name, std::make_shared<Conv2d>(Conv2d::Options{
                    .in = in, .out = out, .kernel = 1, .init = init}));
    };
    reduce_ = conv("conv_reduce", channels, squeezed);
    expand_ = conv("conv_expand", squeezed, channels);
  }
  torch::Tensor forward(const torch::Tensor& x) override {
    if (gate_takes(x)) {
      const PixelsAndMean both = with_channel_means(x);
      return channel_gated(both.pixels, gate(both.mean));
    }
    return x * gate(x.mean({2, 3}, /*keepdim=*/true));
  }

 private:
  torch::Tensor gate(const torch::Tensor& mean) {
    return at::sigmoid((*expand_)(at::silu((*reduce_)(mean))));
  }

  std::shared_ptr<Conv2d> reduce_, expand_;
};

// Convolution without bias, then BatchNorm.
template <class Base>
void add_conv(Sequential<Base>& chain, const std::string& conv,
              const std::string& norm, Conv2d::Options options,
              const Style& style) {
  options.bias = false;
  options.init = style.init;
  if (style.even_padding && options.stride == 2) {
    chain.template add<EvenPad2d>("pad", options.kernel);
    options.padding = 0;
  }
  chain.template add<Conv2d>(conv, options);
  chain.template add<BatchNorm>(norm, options.out, style.norm);
}

struct BlockShape {
  int64_t in, out, kernel, stride, expansion;

  bool has_skip() const { return stride == 1 && in == out; }
};

// Expansion by a 1x1 convolution (where there is one), depthwise convolution,
// squeeze and excitation, 1x1 projection; the input added where shapes agree.
class MbConv final : public Sequential<Layer> {
 public:
  MbConv(const BlockShape& s, double depth_rate, const Style& style)
      : Sequential<Layer>(s.has_skip() ? "Add" : "") {
    const bool expands = s.expansion > 1;
    const int64_t width = s.in * s.expansion;
    if (expands) {
      add_conv(*this, "conv_pw", "bn1", {.in = s.in, .out = width, .kernel = 1},
               style);
      add<Swish>("act1");
    }
    add_conv(*this, "conv_dw", expands ? "bn2" : "bn1",
             {.in = width,
              .out = width,
              .kernel = s.kernel,
              .stride = s.stride,
              .groups = width},
             style);
    add<Swish>("act2");
    add<SqueezeExcite>("se", width, std::max<int64_t>(1, s.in / 4), style.init);
    add_conv(*this, expands ? "conv_pwl" : "conv_pw", expands ? "bn3" : "bn2",
             {.in = width, .out = s.out, .kernel = 1}, style);
    if (s.has_skip()) {
      depth_ = register_module("drop_path",
                               std::make_shared<StochasticDepth>(depth_rate));
    }
  }

  torch::Tensor forward(const torch::Tensor& x) override {
    const torch::Tensor y = Sequential<Layer>::forward(x);
    return depth_ ? (*depth_)(y) + x : y;
  }

 private:
  std::shared_ptr<StochasticDepth> depth_;
};

struct Stage {
  double repeats;
  int64_t kernel, stride, expansion;
  double channels;
};

// Table 1 of the paper.
constexpr Stage kStages[] = {
    {1, 3, 1, 1, 16},  {2, 3, 2, 6, 24},  {2, 5, 2, 6, 40}, {3, 3, 2, 6, 80},
    {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192}, {1, 3, 1, 6, 320}};

struct Scale {
  double width, depth;

  // To the nearest multiple of 8 that does not lose more than a tenth.
  int64_t channels(double of) const {
    const double wanted = of * width;
    const auto n =
        std::max<int64_t>(8, static_cast<int64_t>(wanted + 4) / 8 * 8);
    return static_cast<double>(n) < 0.9 * wanted ? n + 8 : n;
  }
  int64_t repeats(const Stage& stage) const {
    return static_cast<int64_t>(std::ceil(depth * stage.repeats));
  }
};

constexpr Scale kB0 = {1.0, 1.0};
constexpr Scale kB3 = {1.2, 1.4};

struct Rates {
  double depth, head;
};

Rates rates_of(const ModelConfig& config, const Rates& own) {
  const std::vector<double> rates = dropout_rates(
      config, "stochastic depth, before the last layer", {own.depth, own.head});
  return {rates[0], rates[1]};
}

class EfficientNet final : public Chain {
 public:
  // All up to the last activation.
  EfficientNet(const Scale& scale, const Style& style, double depth_rate_end,
               const ModelConfig& config, const ModelShape& shape) {
    if (shape.image_size < 32) {
      fail<ConfigError>(
          "[{0}] expected images of at least 32x32 pixels; got {1}x{1} "
          "(data.image_size). Take larger images.",
          config.name, shape.image_size);
    }
    add_input(config.input, shape.channels);
    const int64_t stem = scale.channels(32);
    add_conv(*this, "conv_stem", "bn1",
             {.in = shape.channels,
              .out = stem,
              .kernel = 3,
              .stride = config.stem == Stem::kSmall ? 1 : 2},
             style);
    add<Swish>("act1");
    const int64_t channels = add_stages(scale, stem, depth_rate_end, style);
    features_ = scale.channels(1280);
    add_conv(*this, "conv_head", "bn2",
             {.in = channels, .out = features_, .kernel = 1}, style);
    add<Swish>("act2");
  }

  void add_head(double dropout, const ModelShape& shape) {
    add<GlobalPool2d>("global_pool", Pooling::kAverage);
    add<Dropout>("dropout", dropout);
    add<Dense>("classifier",
               Dense::Options{.in = features_,
                              .out = shape.logits(),
                              .init = KernelInit::kUniformFanOut});
  }

  void add_fer_head(double dropout, const BatchNormRule& norm,
                    const ModelShape& shape) {
    constexpr int64_t kWidth = 256;
    const auto init = KernelInit::kGlorotUniform;
    add<GlobalPool2d>("global_pool", Pooling::kMaximum);
    add<BatchNorm>("head_bn", features_, norm);
    add<Dense>("head_dense",
               Dense::Options{
                   .in = features_, .out = kWidth, .relu = true, .init = init});
    add<Dropout>("dropout", dropout);
    add<Dense>(
        "classifier",
        Dense::Options{.in = kWidth, .out = shape.logits(), .init = init});
  }

 private:
  // Returns the channels behind the last stage.
  int64_t add_stages(const Scale& scale, int64_t channels, double rate_end,
                     const Style& style) {
    const auto stages = std::make_shared<Part>();
    int64_t total = 0, index = 0;
    for (const Stage& stage : kStages) total += scale.repeats(stage);
    for (size_t s = 0; s < std::size(kStages); ++s) {
      const Stage& stage = kStages[s];
      const auto part = std::make_shared<Part>();
      const int64_t out = scale.channels(stage.channels);
      for (int64_t i = 0; i < scale.repeats(stage); ++i) {
        const int64_t stride = i == 0 ? stage.stride : 1;
        part->add<MbConv>(
            std::to_string(i),
            BlockShape{channels, out, stage.kernel, stride, stage.expansion},
            depth_rate(rate_end, index++, total), style);
        channels = out;
      }
      stages->append(std::to_string(s), part);
    }
    append("blocks", stages);
    return channels;
  }

  int64_t features_ = 0;
};

ModelPtr make(const Scale& scale, const Style& style, const Rates& own,
              const ModelConfig& config, const ModelShape& shape) {
  const Rates rates = rates_of(config, own);
  auto model =
      std::make_shared<EfficientNet>(scale, style, rates.depth, config, shape);
  model->add_head(rates.head, shape);
  return model;
}

}  // namespace

ModelPtr make_efficientnet_b0(const ModelConfig& config,
                              const ModelShape& shape) {
  return make(kB0, timm_style(config), {0.2, 0.2}, config, shape);
}

ModelPtr make_efficientnet_b3(const ModelConfig& config,
                              const ModelShape& shape) {
  return make(kB3, timm_style(config), {0.2, 0.3}, config, shape);
}

ModelPtr make_efficientnet_b3_keras(const ModelConfig& config,
                                    const ModelShape& shape) {
  return make(kB3, keras_style(config), {0.2, 0.3}, config, shape);
}

ModelPtr make_efficientnet_b3_fer(const ModelConfig& config,
                                  const ModelShape& shape) {
  const Style style = keras_style(config);
  const Rates rates = rates_of(config, {0.2, 0.45});
  auto model =
      std::make_shared<EfficientNet>(kB3, style, rates.depth, config, shape);
  model->add_fer_head(rates.head, style.norm, shape);
  return model;
}

}  // namespace fer
