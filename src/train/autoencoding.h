// Training without labels: a vision transformer draws the patches that it does
// not see (models/masked_autoencoder.h).
#pragma once

#include "models/masked_autoencoder.h"
#include "train/task.h"

namespace fer {

/// Mean squared error over the hidden patches, in training and in validation.
class MaskedAutoencoding final : public Objective {
 public:
  /// `model` must outlive this object; batches must say what is visible.
  explicit MaskedAutoencoding(MaskedAutoencoder& model) : model_(model) {}

  torch::Tensor answer(const Batch& batch) override;
  Verdict judge(const torch::Tensor& answer, const Batch& batch) const override;
  Verdict score(const torch::Tensor& answer, const Batch& batch) const override;

 private:
  MaskedAutoencoder& model_;
};

/// The model that config.model and config.pretrain describe, with weights from
/// the seed and sine positions. ConfigError: see MaskedAutoencoder.
std::shared_ptr<MaskedAutoencoder> make_autoencoder(const Config& config,
                                                    const ModelShape& shape);

/// What `ferbench pretrain` trains; the encoder's positions stay as they are.
/// ConfigError: besides the model's, settings that speak of labels (a watched
/// accuracy, class weights, label smoothing).
Task autoencoding_task(const Config& config, const ImageSet& images);

}  // namespace fer
