#include "models/vit.h"

#include <ATen/ATen.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "models/dropout_rates.h"

namespace fer {
namespace {

constexpr int64_t kDepth = 12;

struct NamedPlan {
  const char* name;
  VitPlan plan;
};

constexpr NamedPlan kPlans[] = {
    {"vit_b16", {768, 12}}, {"vit_s16", {384, 6}}, {"vit_tiny", {192, 3}}};

void check(const ModelConfig& config, const ModelShape& shape) {
  const int64_t patch = config.vit.patch_size, size = shape.image_size;
  if (config.stem != Stem::kReference) {
    fail<ConfigError>(
        "[{}] expected the reference stem, the network has no other; got "
        "'{}' (model.stem). Take a smaller model.vit.patch_size.",
        config.name, word(config.stem));
  }
  if (size % patch != 0) {
    int64_t fits = std::min(patch, size);
    while (size % fits != 0) --fits;
    fail<ConfigError>(
        "[{}] expected an image size that is a multiple of the patch size {}; "
        "got {}x{} pixels (data.image_size, model.vit.patch_size). Take "
        "patches of {} pixels.",
        config.name, patch, size, size, fits);
  }
}

ModelPtr make(const char* name, const ModelConfig& config,
              const ModelShape& shape) {
  return std::make_shared<Vit>(*find_vit_plan(name), config, shape);
}

}  // namespace

const VitPlan* find_vit_plan(const std::string& name) {
  for (const NamedPlan& row : kPlans) {
    if (name == row.name) return &row.plan;
  }
  return nullptr;
}

Vit::Vit(const VitPlan& plan, const ModelConfig& config,
         const ModelShape& shape) {
  check(config, shape);
  const std::vector<double> rates = dropout_rates(
      config, "tokens, stochastic depth, before the head", {0, 0, 0});
  const int64_t grid = shape.image_size / config.vit.patch_size;
  add_tokens(plan.width, 1 + grid * grid);
  add_input(config, shape.channels);
  add_patches(plan.width, config.vit.patch_size, shape.channels);
  const TransformerOptions options{plan.width, plan.heads,
                                   config.vit.layer_norm_epsilon, rates[0]};
  add_blocks(options, rates[1]);
  norm_ = register_module(
      "norm", std::make_shared<LayerNorm>(plan.width, options.epsilon));
  if (shape.classes > 0) add_head(plan.width, rates[2], shape.logits());
}

torch::Tensor Vit::tokens(const torch::Tensor& images) {
  torch::Tensor x = input_ ? (*input_)(images) : images;
  x = (*patches_)(x).flatten(2).transpose(1, 2);
  // expand_as: the batch size stays open for the exporter.
  const torch::Tensor first = class_token_.expand_as(x.narrow(1, 0, 1));
  return at::cat({first, x}, 1) + positions_;
}

torch::Tensor Vit::encode(const torch::Tensor& tokens) {
  return (*norm_)((*blocks_)(tokens));
}

torch::Tensor Vit::forward(const torch::Tensor& images) {
  const torch::Tensor x = encode(tokens(images)).select(1, 0);
  if (!head_) return x;
  return (*head_)(head_drop_ ? (*head_drop_)(x) : x);
}

StartRule Vit::start_rule(const std::string& parameter) const {
  return {parameter == "cls_token" ? KernelInit::kNormal1e6
                                   : KernelInit::kNormal002};
}

void Vit::add_tokens(int64_t width, int64_t tokens) {
  class_token_ = register_parameter("cls_token", torch::zeros({1, 1, width}));
  positions_ =
      register_parameter("pos_embed", torch::zeros({1, tokens, width}));
}

void Vit::add_input(const ModelConfig& config, int64_t channels) {
  if (config.input == InputScale::kUnit) return;
  input_ = register_module("input",
                           std::make_shared<InputNorm>(config.input, channels));
}

void Vit::add_patches(int64_t width, int64_t patch, int64_t channels) {
  patches_ = register_module("patch_embed", std::make_shared<Part>());
  patches_->add<Conv2d>("proj",
                        Conv2d::Options{.in = channels,
                                        .out = width,
                                        .kernel = patch,
                                        .stride = patch,
                                        .init = KernelInit::kTorchUniform,
                                        .padding = 0});
}

void Vit::add_blocks(const TransformerOptions& options,
                     double depth_rate_last) {
  blocks_ = register_module("blocks", std::make_shared<Part>());
  if (options.dropout > 0) blocks_->add<Dropout>("pos_drop", options.dropout);
  for (int64_t i = 0; i < kDepth; ++i) {
    blocks_->add<TransformerBlock>(std::to_string(i), options,
                                   depth_rate(depth_rate_last, i, kDepth - 1));
  }
}

void Vit::add_head(int64_t width, double dropout, int64_t logits) {
  if (dropout > 0)
    head_drop_ =
        register_module("head_drop", std::make_shared<Dropout>(dropout));
  head_ = register_module(
      "head", std::make_shared<Dense>(Dense::Options{
                  .in = width, .out = logits, .init = KernelInit::kNormal002}));
}

ModelPtr make_vit_b16(const ModelConfig& config, const ModelShape& shape) {
  return make("vit_b16", config, shape);
}

ModelPtr make_vit_s16(const ModelConfig& config, const ModelShape& shape) {
  return make("vit_s16", config, shape);
}

ModelPtr make_vit_tiny(const ModelConfig& config, const ModelShape& shape) {
  return make("vit_tiny", config, shape);
}

torch::Tensor resize_positions(const torch::Tensor& positions,
                               int64_t from_grid, int64_t to_grid) {
  const int64_t rows = 1 + from_grid * from_grid;
  if (from_grid < 1 || to_grid < 1 || positions.dim() != 3 ||
      positions.size(0) != 1 || positions.size(1) != rows) {
    fail<DataError>(
        "[vit] expected positions [1, 1 + {0} * {0}, width] and grids of at "
        "least 1; got [{1}] for a grid of {2} (pos_embed). Check the patch "
        "size and the image size of the weights.",
        from_grid, fmt::join(positions.sizes().vec(), ", "), to_grid);
  }
  if (from_grid == to_grid) return positions;
  const int64_t width = positions.size(2);
  // timm computes in float32 too.
  const torch::Tensor grid = positions.narrow(1, 1, rows - 1)
                                 .to(torch::kFloat)
                                 .reshape({1, from_grid, from_grid, width})
                                 .permute({0, 3, 1, 2});
  const torch::Tensor resized =
      at::_upsample_bicubic2d_aa(grid, {to_grid, to_grid},
                                 /*align_corners=*/false)
          .permute({0, 2, 3, 1})
          .reshape({1, to_grid * to_grid, width});
  return at::cat({positions.narrow(1, 0, 1), resized.to(positions.dtype())}, 1);
}

}  // namespace fer
