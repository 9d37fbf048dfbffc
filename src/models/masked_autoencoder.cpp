#include "models/masked_autoencoder.h"

#include <ATen/ATen.h>

#include <cmath>

#include "core/error.h"

namespace fer {
namespace {

constexpr double kTargetEpsilon = 1e-6;
constexpr double kPositionBase = 10000.0;

const VitPlan& plan_of(const ModelConfig& config) {
  if (const VitPlan* plan = find_vit_plan(config.name)) return *plan;
  fail<ConfigError>(
      "[pretrain] expected a vision transformer, whose patches can be hidden; "
      "got {} (model.name). Take vit_tiny, vit_s16 or vit_b16, or train on "
      "labels: ferbench run.",
      config.name);
}

// [N, V] to [N, V, width], as gather and scatter want it.
torch::Tensor across(const torch::Tensor& visible, int64_t width) {
  return visible.unsqueeze(2).expand({-1, -1, width});
}

// 1 where a patch was hidden: [N, patches].
torch::Tensor hidden(const torch::Tensor& visible, int64_t patches,
                     const torch::TensorOptions& options) {
  return torch::ones({visible.size(0), patches}, options)
      .scatter(1, visible, 0.0);
}

struct Moments {
  torch::Tensor mean, deviation;  // [N, patches, 1]
};

Moments moments_of(const torch::Tensor& patches) {
  return {
      patches.mean(-1, /*keepdim=*/true),
      (patches.var(-1, /*unbiased=*/true, /*keepdim=*/true) + kTargetEpsilon)
          .sqrt()};
}

int64_t visible_patches(const PretrainConfig& pretrain, int64_t patches) {
  const auto count = static_cast<int64_t>(
      std::floor(static_cast<double>(patches) * (1 - pretrain.mask_ratio)));
  if (count > 0 && count < patches) return count;
  fail<ConfigError>(
      "[pretrain] expected at least one patch that is seen and one that is "
      "not; got {} of {} seen (pretrain.mask_ratio {}). {} it, or take a "
      "smaller model.vit.patch_size.",
      count, patches, pretrain.mask_ratio, count > 0 ? "Raise" : "Lower");
}

void check_decoder(const PretrainConfig& pretrain) {
  const int width = pretrain.decoder_width, heads = pretrain.decoder_heads;
  if (width % 4 == 0 && width % heads == 0) return;
  fail<ConfigError>(
      "[pretrain] expected a width that its heads and 4 divide; got {} with {} "
      "heads (pretrain.decoder_width, pretrain.decoder_heads). Take {}.",
      width, heads, 4 * heads * std::max(1, width / (4 * heads)));
}

}  // namespace

torch::Tensor sine_positions(int64_t grid, int64_t width) {
  const int64_t quarter = width / 4;
  const torch::Tensor frequency =
      1.0 / at::pow(kPositionBase, torch::arange(quarter, torch::kDouble) /
                                       static_cast<double>(quarter));
  const torch::Tensor steps =
      torch::arange(grid, torch::kDouble).outer(frequency);  // [grid, quarter]
  const torch::Tensor x = steps.repeat({grid, 1});
  const torch::Tensor y = steps.repeat_interleave(grid, 0);
  const torch::Tensor all =
      at::cat({x.sin(), x.cos(), y.sin(), y.cos()}, 1).to(torch::kFloat);
  return at::cat({torch::zeros({1, width}), all}).unsqueeze(0);
}

torch::Tensor to_patches(const torch::Tensor& images, int64_t size) {
  const int64_t channels = images.size(1), rows = images.size(2) / size,
                columns = images.size(3) / size;
  return images.reshape({-1, channels, rows, size, columns, size})
      .permute({0, 2, 4, 3, 5, 1})
      .reshape({-1, rows * columns, size * size * channels});
}

torch::Tensor from_patches(const torch::Tensor& patches, int64_t size,
                           int64_t channels) {
  const auto grid = static_cast<int64_t>(
      std::llround(std::sqrt(static_cast<double>(patches.size(1)))));
  return patches.reshape({-1, grid, grid, size, size, channels})
      .permute({0, 5, 1, 3, 2, 4})
      .reshape({-1, channels, grid * size, grid * size});
}

PatchDecoder::PatchDecoder(const Options& options, const PretrainConfig& config)
    : options_(options) {
  check_decoder(config);
  const int64_t width = config.decoder_width;
  const auto dense = [](int64_t in, int64_t out) {
    return std::make_shared<Dense>(
        Dense::Options{.in = in, .out = out, .init = KernelInit::kNormal002});
  };
  mask_token_ = register_parameter("mask_token", torch::zeros({1, 1, width}));
  const auto grid = static_cast<int64_t>(
      std::llround(std::sqrt(static_cast<double>(options.patches))));
  positions_ = register_buffer("positions", sine_positions(grid, width));
  embed_ = register_module("embed", dense(options.encoder_width, width));
  blocks_ = register_module("blocks", std::make_shared<Part>());
  for (int i = 0; i < config.decoder_depth; ++i) {
    blocks_->add<TransformerBlock>(
        std::to_string(i),
        TransformerOptions{width, config.decoder_heads, options.epsilon, 0.0},
        0.0);
  }
  norm_ = register_module("norm",
                          std::make_shared<LayerNorm>(width, options.epsilon));
  pixels_ = register_module("pixels", dense(width, options.numbers));
}

torch::Tensor PatchDecoder::forward(const torch::Tensor& seen,
                                    const torch::Tensor& visible) {
  const torch::Tensor x = (*embed_)(seen);
  const int64_t n = x.size(0), width = x.size(2);
  const torch::Tensor patches =
      mask_token_.to(x.scalar_type())
          .expand({n, options_.patches, width})
          .scatter(1, across(visible, width), x.narrow(1, 1, visible.size(1)));
  const torch::Tensor all = at::cat({x.narrow(1, 0, 1), patches}, 1);
  return (*pixels_)((*norm_)((*blocks_)(all + positions_)))
      .narrow(1, 1, options_.patches);
}

MaskedAutoencoder::MaskedAutoencoder(const ModelConfig& config,
                                     const ModelShape& shape,
                                     const PretrainConfig& pretrain)
    : Vit(plan_of(config), config, {shape.channels, shape.image_size, 0}),
      patch_size_(config.vit.patch_size),
      normalise_(pretrain.normalise_target) {
  const int64_t grid = shape.image_size / patch_size_;
  patches_ = grid * grid;
  visible_ = visible_patches(pretrain, patches_);
  decoder_ = register_module(
      "decoder",
      std::make_shared<PatchDecoder>(
          PatchDecoder::Options{plan_of(config).width, patches_,
                                patch_size_ * patch_size_ * shape.channels,
                                config.vit.layer_norm_epsilon},
          pretrain));
}

torch::Tensor MaskedAutoencoder::draw(const torch::Tensor& images,
                                      const torch::Tensor& visible) {
  const torch::Tensor all = tokens(images);
  const torch::Tensor seen =
      all.narrow(1, 1, patches_).gather(1, across(visible, all.size(2)));
  return decoder_->forward(encode(at::cat({all.narrow(1, 0, 1), seen}, 1)),
                           visible);
}

torch::Tensor MaskedAutoencoder::target(const torch::Tensor& images) const {
  const torch::Tensor patches = to_patches(images, patch_size_);
  if (!normalise_) return patches;
  const Moments own = moments_of(patches);
  return (patches - own.mean) / own.deviation;
}

torch::Tensor MaskedAutoencoder::loss(const torch::Tensor& drawn,
                                      const torch::Tensor& images,
                                      const torch::Tensor& visible) const {
  const torch::Tensor errors =
      (drawn.to(images.scalar_type()) - target(images)).square().mean(-1);
  const torch::Tensor counts = hidden(visible, patches_, errors.options());
  return (errors * counts).sum() / counts.sum();
}

torch::Tensor MaskedAutoencoder::picture(const torch::Tensor& drawn,
                                         const torch::Tensor& images,
                                         const torch::Tensor& visible) const {
  const torch::Tensor patches = to_patches(images, patch_size_);
  torch::Tensor pixels = drawn.to(images.scalar_type());
  if (normalise_) {
    const Moments own = moments_of(patches);
    pixels = pixels * own.deviation + own.mean;
  }
  const torch::Tensor mask =
      hidden(visible, patches_, images.options()).unsqueeze(2);
  return from_patches(at::where(mask > 0, pixels, patches), patch_size_,
                      images.size(1))
      .clamp(0.0, 1.0);
}

void MaskedAutoencoder::reset_positions() {
  const torch::NoGradGuard guard;
  const auto grid = static_cast<int64_t>(
      std::llround(std::sqrt(static_cast<double>(patches_))));
  positions().copy_(sine_positions(grid, positions().size(2)));
}

}  // namespace fer
