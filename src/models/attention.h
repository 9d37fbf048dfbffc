// What transformers are made of. Tokens are `[N, T, width]`; parameters carry
// timm's names.
#pragma once

#include "models/chain.h"
#include "models/stochastic_depth.h"

namespace fer {

/// Mean 0 and variance 1 over the last dimension, then weight and bias
/// `[features]`.
class LayerNorm final : public Layer {
 public:
  LayerNorm(int64_t features, double epsilon);
  torch::Tensor forward(const torch::Tensor& x) override;

 private:
  double epsilon_;
  torch::Tensor weight_, bias_;
};

/// x * Phi(x), exact (by the error function).
class Gelu final : public Layer {
 public:
  Gelu() : Layer("GELU") {}
  torch::Tensor forward(const torch::Tensor& x) override;
};

struct TransformerOptions {
  int64_t width, heads;
  double epsilon;  ///< of LayerNorm
  double dropout;  ///< behind attn.proj, mlp.fc1 and mlp.fc2
};

/// Multi-head self-attention, softmax(q k' / sqrt(width / heads)) v: qkv
/// `[3 width, width]` holds queries, keys and values in that order, each head
/// after head; then proj `[width, width]` and dropout.
class Attention final : public Layer {
 public:
  explicit Attention(const TransformerOptions& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  /// Of the two products over pairs of tokens; qkv and proj count themselves.
  int64_t multiply_adds(const torch::Tensor& input,
                        const torch::Tensor& output) const override;
  int64_t heads() const { return heads_; }

 private:
  int64_t heads_;
  std::shared_ptr<Dense> qkv_, proj_;
  std::shared_ptr<Dropout> dropout_;
};

/// x + attn(norm1(x)), then x + mlp(norm2(x)) with a hidden layer of 4 width;
/// each branch dropped at `depth_rate` (StochasticDepth).
class TransformerBlock final : public Layer {
 public:
  TransformerBlock(const TransformerOptions& options, double depth_rate);
  torch::Tensor forward(const torch::Tensor& x) override;

 private:
  std::shared_ptr<LayerNorm> norm1_, norm2_;
  std::shared_ptr<Attention> attention_;
  std::shared_ptr<Part> mlp_;
  std::shared_ptr<StochasticDepth> depth_;
};

}  // namespace fer
