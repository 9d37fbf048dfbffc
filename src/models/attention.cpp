#include "models/attention.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <cmath>

namespace fer {
namespace {

constexpr int64_t kHiddenPerWidth = 4;

Dense::Options dense(int64_t in, int64_t out) {
  return {.in = in, .out = out, .init = KernelInit::kNormal002};
}

std::shared_ptr<Part> make_mlp(const TransformerOptions& options) {
  const int64_t hidden = kHiddenPerWidth * options.width;
  auto mlp = std::make_shared<Part>();
  mlp->add<Dense>("fc1", dense(options.width, hidden));
  mlp->add<Gelu>("act");
  if (options.dropout > 0) mlp->add<Dropout>("drop1", options.dropout);
  mlp->add<Dense>("fc2", dense(hidden, options.width));
  if (options.dropout > 0) mlp->add<Dropout>("drop2", options.dropout);
  return mlp;
}

// torch's fused attention on a CPU goes through one head of one image after the
// other. Its backward pass over few tokens takes 1.3 times as long as products
// over all of them, in bf16 7 times.
bool products_pay(const torch::Tensor& queries) {
  const int64_t most = queries.scalar_type() == torch::kBFloat16 ? 256 : 64;
  return queries.is_cpu() && queries.requires_grad() &&
         queries.size(2) <= most && !torch::jit::tracer::isTracing();
}

torch::Tensor mix_by_products(const torch::Tensor& queries,
                              const torch::Tensor& keys,
                              const torch::Tensor& values) {
  const double scale = 1 / std::sqrt(static_cast<double>(queries.size(3)));
  return (queries * scale)
      .matmul(keys.transpose(2, 3))
      .softmax(-1)
      .matmul(values);
}

}  // namespace

LayerNorm::LayerNorm(int64_t features, double epsilon)
    : Layer("LayerNormalization"), epsilon_(epsilon) {
  weight_ = register_parameter("weight", torch::ones({features}));
  bias_ = register_parameter("bias", torch::zeros({features}));
}

torch::Tensor LayerNorm::forward(const torch::Tensor& x) {
  return at::layer_norm(x, weight_.sizes(), weight_, bias_, epsilon_);
}

torch::Tensor Gelu::forward(const torch::Tensor& x) { return at::gelu(x); }

Attention::Attention(const TransformerOptions& options)
    : Layer("MultiHeadAttention"), heads_(options.heads) {
  const int64_t width = options.width;
  qkv_ =
      register_module("qkv", std::make_shared<Dense>(dense(width, 3 * width)));
  proj_ = register_module("proj", std::make_shared<Dense>(dense(width, width)));
  if (options.dropout > 0) {
    dropout_ = register_module("proj_drop",
                               std::make_shared<Dropout>(options.dropout));
  }
}

torch::Tensor Attention::forward(const torch::Tensor& x) {
  const int64_t tokens = x.size(1), width = x.size(2);
  // Queries, keys, values: [N, heads, T, width / heads] each. Unbound, not
  // selected: the gradient of a selection is as large as all three.
  const auto qkv = (*qkv_)(x)
                       .reshape({-1, tokens, 3, heads_, width / heads_})
                       .permute({2, 0, 3, 1, 4})
                       .unbind(0);
  const torch::Tensor mixed =
      products_pay(qkv[0])
          ? mix_by_products(qkv[0], qkv[1], qkv[2])
          : at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]);
  const torch::Tensor y =
      (*proj_)(mixed.transpose(1, 2).reshape({-1, tokens, width}));
  return dropout_ ? (*dropout_)(y) : y;
}

int64_t Attention::multiply_adds(const torch::Tensor& input,
                                 const torch::Tensor&) const {
  return 2 * input.numel() * input.size(1);
}

TransformerBlock::TransformerBlock(const TransformerOptions& options,
                                   double depth_rate)
    : Layer("Add") {
  const auto norm = [&](const char* name) {
    return register_module(
        name, std::make_shared<LayerNorm>(options.width, options.epsilon));
  };
  norm1_ = norm("norm1");
  attention_ = register_module("attn", std::make_shared<Attention>(options));
  norm2_ = norm("norm2");
  mlp_ = register_module("mlp", make_mlp(options));
  depth_ = register_module("drop_path",
                           std::make_shared<StochasticDepth>(depth_rate));
}

torch::Tensor TransformerBlock::forward(const torch::Tensor& x) {
  const torch::Tensor y = x + (*depth_)((*attention_)((*norm1_)(x)));
  return y + (*depth_)((*mlp_)((*norm2_)(y)));
}

}  // namespace fer
