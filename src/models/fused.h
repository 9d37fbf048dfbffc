// Training: ReLU or Swish, batch normalisation, maximum pooling and dropout
// that follow one another, in one pass over memory (kernels/, on a GPU cuda/).
// Weights, names and formulas are those of the layers; only rounding and the
// dropped values differ.
#pragma once

#include <torch/types.h>

#include <memory>
#include <vector>

namespace fer {

class BatchNorm;
class Layer;

/// What training does in kernels of its own.
struct Passes {
  bool fused = false;       ///< rows of layers in one pass: float32, bfloat16
  bool winograd = false;    ///< CPU, float32: convolutions with fewer products
  bool cuda_fused = false;  ///< with fused: on a GPU, too
};

/// While one lives, layers of this thread that are in training mode use the
/// passes where they can: on values in channels-last order. Elsewhere, and in
/// evaluation mode, nothing changes.
class FusedPasses {
 public:
  explicit FusedPasses(Passes passes);
  ~FusedPasses();
  FusedPasses(const FusedPasses&) = delete;
  FusedPasses& operator=(const FusedPasses&) = delete;

 private:
  Passes before_;
};

/// Whether convolutions of this thread may be Winograd's (fused_conv.h).
bool winograd_on();

/// x through the layers in their order. Recognised as one pass:
///   Conv2d or Dense with ReLU, BatchNorm
///   Conv2d with ReLU[, BatchNorm], MaxPool2d (2x2, stride 2)[, Dropout]; on a
///     GPU not without the BatchNorm
///   BatchNorm[, Relu or Swish]
/// Layers in a pass leave no record for a LayerRecorder.
torch::Tensor run_layers(const std::vector<std::shared_ptr<Layer>>& layers,
                         const torch::Tensor& x);

/// relu(norm(x)); x may be overwritten.
torch::Tensor norm_relu(BatchNorm& norm, const torch::Tensor& x);

/// norm(x).
torch::Tensor norm_alone(BatchNorm& norm, const torch::Tensor& x);

/// Pictures `[N, C, H, W]` in channels-last order. Those of one channel have
/// the same memory in both orders; torch takes them for NCHW, and all that
/// follows with them, unless the strides say otherwise.
torch::Tensor in_channels_last(const torch::Tensor& x);

}  // namespace fer
