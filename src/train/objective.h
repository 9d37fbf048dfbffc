// What a network is trained for: its answer to a batch, and what that is held
// against.
#pragma once

#include <torch/types.h>

#include <memory>

#include "models/model.h"
#include "train/batches.h"
#include "train/loss.h"

namespace fer {

/// The step engine sets mode, precision and layout of the images; here is what
/// one kind of training does between them.
class Objective {
 public:
  struct Verdict {
    torch::Tensor loss;     ///< mean over the batch
    torch::Tensor correct;  ///< right answers, int64; undefined: none to count
  };

  virtual ~Objective() = default;
  /// Whether the network's work depends on the batch's tensors alone, so that
  /// it may be recorded with one batch and repeated with others.
  virtual bool recordable() const { return false; }
  /// The network's answer; its loss is taken outside mixed precision.
  virtual torch::Tensor answer(const Batch& batch) = 0;
  /// What training lowers: train_loss.
  virtual Verdict judge(const torch::Tensor& answer,
                        const Batch& batch) const = 0;
  /// What a validation batch is scored by: val_loss.
  virtual Verdict score(const torch::Tensor& answer,
                        const Batch& batch) const = 0;
};

/// Logits against labels: `loss` in training, the plain loss in validation.
class Classification final : public Objective {
 public:
  /// `model` must outlive this object.
  Classification(Model& model, Loss loss)
      : model_(model), loss_(std::move(loss)) {}

  bool recordable() const override { return true; }
  torch::Tensor answer(const Batch& batch) override {
    return model_.forward(batch.images);
  }
  Verdict judge(const torch::Tensor& answer, const Batch& batch) const override;
  Verdict score(const torch::Tensor& answer, const Batch& batch) const override;

 private:
  Model& model_;
  Loss loss_;
};

}  // namespace fer
