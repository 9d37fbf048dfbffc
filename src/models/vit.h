// Vision transformers (Dosovitskiy et al., arXiv:2010.11929) as timm builds
// them: a class token and one token per patch, learned positions, LayerNorm
// first, exact GELU, the logits from the class token. Parameters carry timm's
// names (blocks.0.attn.qkv.weight).
#pragma once

#include <memory>
#include <string>

#include "config/sections.h"
#include "models/attention.h"

namespace fer {

/// How wide a vision transformer is; all of the zoo have 12 blocks.
struct VitPlan {
  int64_t width, heads;
};

/// That of a name of the zoo; null: no vision transformer.
const VitPlan* find_vit_plan(const std::string& name);

/// With shape.classes = 0 it has no head, and forward() gives the class token
/// behind the last normalisation, `[N, width]`.
class Vit : public Model, public Initialised {
 public:
  Vit(const VitPlan& plan, const ModelConfig& config, const ModelShape& shape);

  torch::Tensor forward(const torch::Tensor& images) override;
  StartRule start_rule(const std::string& parameter) const override;

  /// The class token, then the patches row by row, each with its position:
  /// `[N, 1 + patches, width]`.
  torch::Tensor tokens(const torch::Tensor& images);
  /// Blocks and last normalisation over some of those tokens: the same shape.
  torch::Tensor encode(const torch::Tensor& tokens);

 protected:
  const torch::Tensor& positions() const { return positions_; }

 private:
  void add_tokens(int64_t width, int64_t tokens);
  void add_input(const ModelConfig& config, int64_t channels);
  void add_patches(int64_t width, int64_t patch, int64_t channels);
  void add_blocks(const TransformerOptions& options, double depth_rate_last);
  void add_head(int64_t width, double dropout, int64_t logits);

  torch::Tensor class_token_, positions_;
  std::shared_ptr<InputNorm> input_;
  std::shared_ptr<Part> patches_, blocks_;
  std::shared_ptr<LayerNorm> norm_;
  std::shared_ptr<Dropout> head_drop_;
  std::shared_ptr<Dense> head_;
};

/// 12 blocks of width 768 with 12 heads, 384 with 6, 192 with 3. Any image size
/// that is a multiple of config.vit.patch_size. `config.dropout`: three rates,
/// default 0: behind the positions and in the blocks; whole branches of the
/// last block (stochastic depth, growing from 0 in the first); before the head.
/// Hugging Face's ViTForImageClassification is the same function with
/// layer_norm_epsilon 1e-12.
ModelPtr make_vit_b16(const ModelConfig& config, const ModelShape& shape);
ModelPtr make_vit_s16(const ModelConfig& config, const ModelShape& shape);
ModelPtr make_vit_tiny(const ModelConfig& config, const ModelShape& shape);

/// The positions of another image or patch size. positions: float
/// `[1, 1 + from_grid * from_grid, width]`, the class token's row first, the
/// patches row by row. Returns `[1, 1 + to_grid * to_grid, width]`: the class
/// token's row as it was, the grid resized bicubically with antialiasing
/// (timm's resample_abs_pos_embed). DataError: another shape, a grid below 1.
torch::Tensor resize_positions(const torch::Tensor& positions,
                               int64_t from_grid, int64_t to_grid);

}  // namespace fer
