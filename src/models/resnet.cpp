#include "models/resnet.h"

#include <ATen/ATen.h>

#include <array>

#include "core/error.h"
#include "models/chain.h"

namespace fer {
namespace {

// What distinguishes torchvision's networks from Keras's.
struct Style {
  BatchNormRule norm;
  bool bias;             // in the convolutions
  bool stride_in_first;  // 1x1 of a bottleneck, else in its 3x3
  KernelInit conv_init, dense_init;
  Pooling pooling;
};

constexpr double kKerasEpsilon = 1.001e-5;

Style torchvision_style(const ModelConfig& config) {
  return {batch_norm_rule(config.batch_norm, kTorchBatchNorm),
          false,
          false,
          KernelInit::kHeFanOut,
          KernelInit::kTorchUniform,
          Pooling::kAverage};
}

Style keras_style(const ModelConfig& config, Pooling pooling) {
  BatchNormRule own = kKerasBatchNorm;
  own.epsilon = kKerasEpsilon;
  return {batch_norm_rule(config.batch_norm, own),
          true,
          true,
          KernelInit::kGlorotUniform,
          KernelInit::kGlorotUniform,
          pooling};
}

Conv2d::Options conv(int64_t in, int64_t out, int64_t kernel, int64_t stride,
                     bool bias, KernelInit init) {
  return {.in = in,
          .out = out,
          .kernel = kernel,
          .stride = stride,
          .bias = bias,
          .init = init};
}

// What a block does to the picture's size and depth.
struct BlockShape {
  int64_t in, width, stride;
};

// The input beside a block, brought to the shape of its output.
class Shortcut final : public Part {
 public:
  Shortcut(int64_t in, int64_t out, int64_t stride, const Style& style) {
    add<Conv2d>("0", conv(in, out, 1, stride, style.bias, style.conv_init));
    add<BatchNorm>("1", out, style.norm);
  }
};

// input + convolutions(input), then ReLU.
class Residual : public Layer {
 public:
  torch::Tensor forward(const torch::Tensor& x) override {
    torch::Tensor y = x;
    for (size_t i = 0; i < convs_.size(); ++i) {
      const torch::Tensor z = (*convs_[i])(y);
      y = i + 1 < convs_.size() ? norm_relu(*norms_[i], z)
                                : norm_alone(*norms_[i], z);
    }
    y = y + (downsample_ ? (*downsample_)(x) : x);
    return relu_in_place(y);
  }

 protected:
  Residual() : Layer("Add") {}

  void add_conv(const Conv2d::Options& options, const Style& style) {
    const std::string n = std::to_string(convs_.size() + 1);
    convs_.push_back(
        register_module("conv" + n, std::make_shared<Conv2d>(options)));
    norms_.push_back(register_module(
        "bn" + n, std::make_shared<BatchNorm>(options.out, style.norm)));
  }
  void add_shortcut(const BlockShape& shape, int64_t out, const Style& style) {
    if (shape.stride == 1 && shape.in == out) return;
    downsample_ = register_module(
        "downsample",
        std::make_shared<Shortcut>(shape.in, out, shape.stride, style));
  }

 private:
  std::vector<std::shared_ptr<Conv2d>> convs_;
  std::vector<std::shared_ptr<BatchNorm>> norms_;
  std::shared_ptr<Shortcut> downsample_;
};

class BasicBlock final : public Residual {
 public:
  static constexpr int64_t kExpansion = 1;
  BasicBlock(const BlockShape& s, const Style& style) {
    const auto init = style.conv_init;
    add_conv(conv(s.in, s.width, 3, s.stride, style.bias, init), style);
    add_conv(conv(s.width, s.width, 3, 1, style.bias, init), style);
    add_shortcut(s, s.width, style);
  }
};

class Bottleneck final : public Residual {
 public:
  static constexpr int64_t kExpansion = 4;
  Bottleneck(const BlockShape& s, const Style& style) {
    const auto init = style.conv_init;
    const int64_t first = style.stride_in_first ? s.stride : 1;
    const int64_t out = kExpansion * s.width;
    add_conv(conv(s.in, s.width, 1, first, style.bias, init), style);
    add_conv(conv(s.width, s.width, 3, s.stride / first, style.bias, init),
             style);
    add_conv(conv(s.width, out, 1, 1, style.bias, init), style);
    add_shortcut(s, out, style);
  }
};

void check_shape(const char* name, const ModelConfig& config,
                 const ModelShape& shape) {
  if (!config.dropout.empty()) {
    fail<ConfigError>(
        "[{}] expected no dropout rates, the network has no dropout; got {} "
        "(model.dropout). Leave it out.",
        name, config.dropout.size());
  }
  const int64_t least = config.stem == Stem::kSmall ? 8 : 32;
  if (shape.image_size < least) {
    fail<ConfigError>(
        "[{0}] expected images of at least {1}x{1} pixels; got {2}x{2} "
        "(data.image_size). Take larger images{3}.",
        name, least, shape.image_size,
        least == 32 ? ", or set model.stem: small" : "");
  }
}

using Blocks = std::array<int, 4>;

class ResNet final : public Chain {
 public:
  template <class Block>
  static ModelPtr make(const char* name, const Blocks& blocks,
                       const Style& style, const ModelConfig& config,
                       const ModelShape& shape) {
    check_shape(name, config, shape);
    auto model = std::make_shared<ResNet>();
    model->add_stem(style, config, shape.channels);
    int64_t channels = 64;
    for (int stage = 0; stage < 4; ++stage) {
      const auto part = std::make_shared<Part>();
      const int64_t width = 64LL << stage;
      for (int i = 0; i < blocks[static_cast<size_t>(stage)]; ++i) {
        const int64_t stride = stage > 0 && i == 0 ? 2 : 1;
        part->add<Block>(std::to_string(i), BlockShape{channels, width, stride},
                         style);
        channels = width * Block::kExpansion;
      }
      model->append(fmt::format("layer{}", stage + 1), part);
    }
    model->add_head(channels, style, shape);
    return model;
  }

 private:
  void add_stem(const Style& style, const ModelConfig& config, int64_t in) {
    const bool small = config.stem == Stem::kSmall;
    add_input(config.input, in);
    add<Conv2d>("conv1", conv(in, 64, small ? 3 : 7, small ? 1 : 2, style.bias,
                              style.conv_init));
    add<BatchNorm>("bn1", 64, style.norm);
    add<Relu>("relu");
    if (!small) add<MaxPool2d>("maxpool", MaxPool2d::Options{3, 2, 1});
  }

  void add_head(int64_t channels, const Style& style, const ModelShape& shape) {
    add<GlobalPool2d>("avgpool", style.pooling);
    add<Dense>("fc", Dense::Options{.in = channels,
                                    .out = shape.logits(),
                                    .init = style.dense_init});
  }
};

constexpr Blocks k18 = {2, 2, 2, 2};
constexpr Blocks k50 = {3, 4, 6, 3};

// ---------------------------------------------------------------- version 2

// Pads with zeros where MaxPool2d would pad with minus infinity: before the
// ReLU that is not the same.
class ZeroPad2d final : public Layer {
 public:
  ZeroPad2d() : Layer("ZeroPadding2D") {}
  torch::Tensor forward(const torch::Tensor& x) override {
    return at::constant_pad_nd(x, {1, 1, 1, 1});
  }
};

// BatchNorm and ReLU come first; the stride stands in the last block of a
// stage, whose shortcut is then every second pixel.
class PreactBottleneck final : public Layer {
 public:
  PreactBottleneck(const BlockShape& s, const Style& style, bool project)
      : Layer("Add"), stride_(s.stride) {
    const int64_t out = 4 * s.width;
    const auto init = style.conv_init;
    preact_ = norm("preact_bn", s.in, style);
    conv1_ = add("conv1", conv(s.in, s.width, 1, 1, false, init));
    norm1_ = norm("bn1", s.width, style);
    conv2_ = add("conv2", conv(s.width, s.width, 3, s.stride, false, init));
    norm2_ = norm("bn2", s.width, style);
    conv3_ = add("conv3", conv(s.width, out, 1, 1, true, init));
    if (project)
      shortcut_ = add("shortcut", conv(s.in, out, 1, s.stride, true, init));
  }

  torch::Tensor forward(const torch::Tensor& x) override {
    const torch::Tensor active = norm_relu(*preact_, x);
    torch::Tensor y = norm_relu(*norm1_, (*conv1_)(active));
    y = (*conv3_)(norm_relu(*norm2_, (*conv2_)(y)));
    return y + beside(x, active);
  }

 private:
  torch::Tensor beside(const torch::Tensor& x, const torch::Tensor& active) {
    if (shortcut_) return (*shortcut_)(active);
    if (stride_ == 1) return x;
    return at::max_pool2d(x, {1, 1}, {stride_, stride_});
  }
  std::shared_ptr<Conv2d> add(const char* name, const Conv2d::Options& o) {
    return register_module(name, std::make_shared<Conv2d>(o));
  }
  std::shared_ptr<BatchNorm> norm(const char* name, int64_t features,
                                  const Style& style) {
    return register_module(name,
                           std::make_shared<BatchNorm>(features, style.norm));
  }

  int64_t stride_;
  std::shared_ptr<BatchNorm> preact_, norm1_, norm2_;
  std::shared_ptr<Conv2d> conv1_, conv2_, conv3_, shortcut_;
};

class ResNetV2 final : public Chain {
 public:
  ResNetV2(const Style& style, const ModelConfig& config,
           const ModelShape& shape) {
    check_shape("resnet50v2", config, shape);
    add_input(config.input, shape.channels);
    const bool small = config.stem == Stem::kSmall;
    add<Conv2d>("conv1", conv(shape.channels, 64, small ? 3 : 7, small ? 1 : 2,
                              true, style.conv_init));
    if (!small) {
      add<ZeroPad2d>("pad");
      add<MaxPool2d>("maxpool", MaxPool2d::Options{3, 2, 0});
    }
    int64_t channels = 64;
    for (int stage = 0; stage < 4; ++stage) {
      add_stage(stage, channels, style);
      channels = 256LL << stage;
    }
    add<BatchNorm>("post_bn", channels, style.norm);
    add<Relu>("post_relu");
    add<GlobalPool2d>("avgpool", style.pooling);
    add<Dense>("fc", Dense::Options{.in = channels,
                                    .out = shape.logits(),
                                    .init = style.dense_init});
  }

 private:
  void add_stage(int stage, int64_t channels, const Style& style) {
    const auto part = std::make_shared<Part>();
    const int64_t width = 64LL << stage;
    const int last = k50[static_cast<size_t>(stage)] - 1;
    for (int i = 0; i <= last; ++i) {
      const int64_t stride = i == last && stage < 3 ? 2 : 1;
      part->add<PreactBottleneck>(
          std::to_string(i),
          BlockShape{i == 0 ? channels : 4 * width, width, stride}, style,
          i == 0);
    }
    append(fmt::format("layer{}", stage + 1), part);
  }
};

}  // namespace

ModelPtr make_resnet18(const ModelConfig& config, const ModelShape& shape) {
  return ResNet::make<BasicBlock>("resnet18", k18, torchvision_style(config),
                                  config, shape);
}

ModelPtr make_resnet34(const ModelConfig& config, const ModelShape& shape) {
  return ResNet::make<BasicBlock>("resnet34", k50, torchvision_style(config),
                                  config, shape);
}

ModelPtr make_resnet50(const ModelConfig& config, const ModelShape& shape) {
  return ResNet::make<Bottleneck>("resnet50", k50, torchvision_style(config),
                                  config, shape);
}

ModelPtr make_resnet50_keras(const ModelConfig& config,
                             const ModelShape& shape) {
  return ResNet::make<Bottleneck>("resnet50_keras", k50,
                                  keras_style(config, Pooling::kMaximum),
                                  config, shape);
}

ModelPtr make_resnet50v2(const ModelConfig& config, const ModelShape& shape) {
  return std::make_shared<ResNetV2>(keras_style(config, Pooling::kAverage),
                                    config, shape);
}

}  // namespace fer
