// Training on a CPU: ReLU, batch normalisation, maximum pooling and dropout
// that follow one another, in one pass over memory (kernels/). Weights, names
// and formulas are those of the layers; only rounding and the dropped values
// differ.
#pragma once

#include <torch/types.h>

#include <memory>
#include <vector>

namespace fer {

class BatchNorm;
class Layer;

/// While one lives, layers of this thread that are in training mode use the
/// fused passes where they can: on float32 and bfloat16 values on a CPU, in
/// channels-last order. Elsewhere, and in evaluation mode, nothing changes.
class FusedPasses {
 public:
  explicit FusedPasses(bool on);
  ~FusedPasses();
  FusedPasses(const FusedPasses&) = delete;
  FusedPasses& operator=(const FusedPasses&) = delete;

 private:
  bool before_;
};

/// x through the layers in their order. Recognised as one pass:
///   Conv2d or Dense with ReLU, BatchNorm
///   Conv2d with ReLU, BatchNorm, MaxPool2d (2x2, stride 2)[, Dropout]
///   BatchNorm[, Relu]
/// Layers in a pass leave no record for a LayerRecorder.
torch::Tensor run_layers(const std::vector<std::shared_ptr<Layer>>& layers,
                         const torch::Tensor& x);

/// relu(norm(x)); x may be overwritten.
torch::Tensor norm_relu(BatchNorm& norm, const torch::Tensor& x);

}  // namespace fer
