// The weight and the bias of a Conv, Gemm or MatMul node.
#pragma once

#include <string>
#include <vector>

#include "export/onnx_graph.h"

namespace fer {

/// Conv, or Gemm or MatMul whose second input is a constant: the layers with
/// weights. Not a Gemm that transposes its first input or scales anything.
bool is_weighted(const OnnxGraph& graph, const onnx::NodeProto& node);

/// Which axis of the weight counts the outputs: 0 for Conv and a transposed
/// Gemm, the last one otherwise.
size_t output_axis(const onnx::NodeProto& layer, size_t rank);

/// Whether the bias, if there is one, is a constant of the file.
bool has_constant_bias(const OnnxGraph& graph, const onnx::NodeProto& layer);

/// Zeros where there is none; a single number is for all channels.
std::vector<double> bias_of(const OnnxGraph& graph,
                            const onnx::NodeProto& layer, size_t channels);

/// For Conv and Gemm.
void set_bias(OnnxGraph& graph, onnx::NodeProto& layer,
              std::vector<double> bias);
void add_to_bias(OnnxGraph& graph, onnx::NodeProto& layer,
                 const std::vector<double>& more);

/// A node that adds a constant to what `layer` makes; its output.
std::string add_behind(OnnxGraph& graph, const onnx::NodeProto& layer,
                       const Constant& value);

}  // namespace fer
