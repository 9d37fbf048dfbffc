// Static int8: QuantizeLinear and DequantizeLinear around the layers with
// weights, which OpenVINO and ONNX Runtime run in integers.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

#include "export/calibration_ranges.h"

namespace fer {

struct QuantizeOptions {
  bool first = true;  ///< quantise the layer next to the pixels
  bool last = true;   ///< quantise the layer that makes the logits
  /// Names of nodes that stay in float32.
  std::vector<std::string> keep = {};
  /// Weights within +-63 instead of +-127: for processors without VNNI, whose
  /// 16-bit sums of u8 * s8 would saturate.
  bool reduce_range = false;
};

struct QuantizeResult {
  std::vector<std::string> quantized;  ///< nodes
  std::vector<std::string> kept;       ///< nodes with weights left in float32
};

/// The tensors whose ranges quantize() needs: call collect_ranges with them.
std::vector<std::string> tensors_to_calibrate(
    const onnx::ModelProto& model, const QuantizeOptions& options = {});

/// Conv, and Gemm and MatMul with constant weights: weights int8, symmetric,
/// one scale per output channel, w = q * scale with scale = max|w| / 127;
/// activations uint8, one scale and zero point per tensor, the range widened to
/// hold 0; biases stay float32. A pair stands before MaxPool, Flatten, Reshape
/// and Transpose, which then work on integers too. DataError for a tensor
/// without a range and for an unknown name in `keep`.
QuantizeResult quantize(onnx::ModelProto& model, const TensorRanges& ranges,
                        const QuantizeOptions& options = {});

}  // namespace fer
