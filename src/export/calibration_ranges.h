// The ranges that activations take on training images: what the scales of an
// int8 file are made of.
#pragma once

#include <onnx/onnx_pb.h>

#include <map>
#include <string>
#include <vector>

#include "export/pixels.h"

namespace fer {

struct TensorRange {
  double low = 0;
  double high = 0;
  bool operator==(const TensorRange&) const = default;
};

/// By the name of the tensor in the graph.
using TensorRanges = std::map<std::string, TensorRange>;

enum class RangeRule {
  kMinMax,      ///< all values seen
  kPercentile,  ///< without the 0.01 % on each side
  kMse,         ///< least squared error of 8 bits on the values seen
};

/// Runs the float32 graph through OpenVINO on the images, batch by batch, with
/// the named tensors as outputs. DataError where the model does not answer to
/// `ferbench.input` of its metadata, the images do not fit it, a tensor is not
/// in the graph, or a value is not finite.
TensorRanges collect_ranges(const onnx::ModelProto& model, const Pixels& images,
                            const std::vector<std::string>& tensors,
                            RangeRule rule = RangeRule::kMse);

}  // namespace fer
