// Training on from weights: what is left alone in which epoch, and how fast
// each layer learns (train.fine_tune, docs/fine_tuning.md).
#pragma once

#include <string>
#include <vector>

#include "config/fine_tune_config.h"
#include "models/model.h"

namespace fer {

/// What `train.fine_tune` means for one model. The epoch's number says it all:
/// there is no state to save.
class FineTune {
 public:
  /// `name` is the model's name in the zoo; `model` must outlive this object.
  /// DataError: a pattern that matches no parameter (with the nearest names),
  /// or an epoch of the `epochs` in which nothing is left to train.
  FineTune(const FineTuneConfig& config, const std::string& name, Model& model,
           int epochs);

  /// Puts the model into training mode as `epoch` (from 1) has it. A frozen
  /// parameter asks for no gradient, so that the backward pass ends before it.
  /// Batch normalisation stays in evaluation mode, with freeze_batch_norm all
  /// of it, else where its own parameters are frozen. Returns a line for the
  /// person where other parameters train than in the epoch before, else "".
  std::string begin_epoch(int epoch);

  /// For each parameter its share of the learning rate, in the order of
  /// named_parameters().
  const std::vector<double>& rate_scales() const { return scales_; }

 private:
  bool frozen(size_t parameter, int epoch) const;
  size_t count_training(int epoch) const;
  void check(int epochs) const;

  FineTuneConfig config_;
  Model& model_;
  NamedTensors parameters_;
  std::vector<int> last_frozen_;  ///< epoch, per parameter; 0: never frozen
  std::vector<double> scales_;
};

}  // namespace fer
