// Removes BatchNormalization nodes from a graph by moving them into the weights
// of the layer before or after them.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

namespace fer {

struct FoldResult {
  int backward = 0;  ///< into the Conv, Gemm or MatMul before
  int forward = 0;   ///< into the layer behind, past ReLU
  /// Nodes that stay, each with the reason: "bn2: 3 scales are not positive".
  std::vector<std::string> left;
};

/// Directions that may be taken.
struct FoldOptions {
  /// Conv - ReLU - BatchNorm into the layers behind it. The shift becomes a
  /// constant map behind a zero-padded Conv, which hinders its fusion.
  bool forward = true;
};

/// With s = gamma / sqrt(var + epsilon) and t = beta - mean * s, worked out in
/// double:
/// backward  W' = W * s[out], b' = b * s + t;
/// forward   W' = W * s[in], b' = b + W t for a Gemm or MatMul; for a
///           zero-padded Conv the constant `[1, C, H, W]` map conv(t
///           everywhere, W) is added behind it, which differs from a bias at
///           the borders; past MaxPool only where no s is negative; through
///           Flatten and GlobalAveragePool. Behind a layer and its ReLU, |s|
///           goes back into that layer and only sign(s) and t go forward.
/// Answers stay within 1e-5. Nodes whose neighbours do not allow it stay.
/// DataError where a BatchNormalization has parameters that are not constants
/// of the file or not one per channel.
FoldResult fold_batch_norm(onnx::ModelProto& model,
                           const FoldOptions& options = {});

}  // namespace fer
