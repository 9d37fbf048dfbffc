// A vision transformer that learns from pictures alone: it sees a few patches
// and draws the others (He et al., 2022, "Masked autoencoders are scalable
// vision learners", arXiv:2111.06377).
#pragma once

#include <memory>

#include "config/pretrain_config.h"
#include "models/vit.h"

namespace fer {

/// Sines and cosines of column and row: `[1, 1 + grid * grid, width]`, zeros
/// for the class token. A quarter of the width each: sin(x f_i), cos(x f_i),
/// sin(y f_i), cos(y f_i) with f_i = 10000^(-4 i / width). `width` is a
/// multiple of 4.
torch::Tensor sine_positions(int64_t grid, int64_t width);

/// Images `[N, C, H, W]` as patches, row by row: `[N, patches, size * size *
/// C]`, the numbers of a patch in the order row, column, channel; and back.
torch::Tensor to_patches(const torch::Tensor& images, int64_t size);
torch::Tensor from_patches(const torch::Tensor& patches, int64_t size,
                           int64_t channels);

/// The small transformer that draws: a dense layer, a learned token for each
/// patch that was not seen, fixed sine positions, blocks, normalisation, and
/// the numbers of all patches.
class PatchDecoder final : public torch::nn::Module, public Initialised {
 public:
  struct Options {
    int64_t encoder_width, patches, numbers;  ///< numbers of one patch
    double epsilon;                           ///< of LayerNorm
  };
  PatchDecoder(const Options& options, const PretrainConfig& config);

  /// `seen`: class token and visible patches, `[N, 1 + V, encoder_width]`;
  /// `visible` int64 `[N, V]`. Returns `[N, patches, numbers]`.
  torch::Tensor forward(const torch::Tensor& seen,
                        const torch::Tensor& visible);
  StartRule start_rule(const std::string&) const override {
    return {KernelInit::kNormal002};
  }

 private:
  Options options_;
  torch::Tensor mask_token_, positions_;
  std::shared_ptr<Dense> embed_, pixels_;
  std::shared_ptr<Part> blocks_;
  std::shared_ptr<LayerNorm> norm_;
};

/// The encoder is the vision transformer itself, without head and under its
/// own names; what draws is called `decoder.`.
class MaskedAutoencoder final : public Vit {
 public:
  /// ConfigError: `config.name` is no vision transformer, patches that do not
  /// fill the image, a share that hides all patches or none, a decoder whose
  /// width its heads or four do not divide. Classes do not count.
  MaskedAutoencoder(const ModelConfig& config, const ModelShape& shape,
                    const PretrainConfig& pretrain);

  /// What it makes of the visible patches, int64 `[N, V]`: all of them,
  /// `[N, patches, numbers]`, in the units of target().
  torch::Tensor draw(const torch::Tensor& images, const torch::Tensor& visible);

  /// What is to be drawn: the patches' pixels in [0, 1]; with
  /// normalise_target (p - mean) / sqrt(variance + 1e-6) with each patch's own
  /// mean and unbiased variance.
  torch::Tensor target(const torch::Tensor& images) const;

  /// Mean squared error over the patches that were not seen.
  torch::Tensor loss(const torch::Tensor& drawn, const torch::Tensor& images,
                     const torch::Tensor& visible) const;

  /// A drawing as images in [0, 1]: the visible patches as they are, the others
  /// as drawn, with the brightness and contrast of the original's where those
  /// were not asked for.
  torch::Tensor picture(const torch::Tensor& drawn, const torch::Tensor& images,
                        const torch::Tensor& visible) const;

  /// Fills the encoder's positions with sines and cosines.
  void reset_positions();

  int64_t patches() const { return patches_; }
  int64_t visible() const { return visible_; }
  int64_t patch_size() const { return patch_size_; }

 private:
  int64_t patch_size_, patches_, visible_;
  bool normalise_;
  std::shared_ptr<PatchDecoder> decoder_;
};

}  // namespace fer
