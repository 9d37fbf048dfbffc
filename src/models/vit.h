// Vision transformers (Dosovitskiy et al., arXiv:2010.11929) as timm builds
// them: a class token and one token per patch, learned positions, LayerNorm
// first, exact GELU, the logits from the class token. Parameters carry timm's
// names (blocks.0.attn.qkv.weight).
#pragma once

#include "config/sections.h"
#include "models/model.h"

namespace fer {

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
