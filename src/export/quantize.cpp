#include "export/quantize.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.h"
#include "export/layer_weights.h"
#include "export/onnx_graph.h"

namespace fer {
namespace {

using onnx::NodeProto;
using onnx::TensorProto;

std::vector<NodeProto*> weighted_nodes(OnnxGraph& graph) {
  std::vector<NodeProto*> nodes;
  for (auto& node : *graph.proto().mutable_node())
    if (is_weighted(graph, node)) nodes.push_back(&node);
  return nodes;
}

struct Choice {
  std::vector<NodeProto*> quantized;
  std::vector<std::string> kept;
};

Choice choose(OnnxGraph& graph, const QuantizeOptions& options) {
  const std::vector<NodeProto*> nodes = weighted_nodes(graph);
  Choice choice;
  for (NodeProto* node : nodes) {
    const bool keep =
        (!options.first && node == nodes.front()) ||
        (!options.last && node == nodes.back()) ||
        std::ranges::find(options.keep, node->name()) != options.keep.end();
    if (keep)
      choice.kept.push_back(node->name());
    else
      choice.quantized.push_back(node);
  }
  for (const auto& name : options.keep) {
    if (std::ranges::find(choice.kept, name) == choice.kept.end()) {
      fail<DataError>(
          "[quantize] expected the name of a layer with weights to keep in "
          "float32; got '{}'. The first one here is '{}'.",
          name, nodes.empty() ? "none" : nodes.front()->name());
    }
  }
  return choice;
}

/// These give each value of the input to one place of the output, or the
/// largest of some: they may work on integers just as well.
bool keeps_values(const NodeProto& node) {
  const std::string& op = node.op_type();
  return op == "MaxPool" || op == "Flatten" || op == "Reshape" ||
         op == "Transpose" || op == "Identity";
}

/// Where the tensor that `layer` reads should be rounded: as early as nobody
/// else notices.
std::string rounding_place(OnnxGraph& graph, const NodeProto& layer) {
  std::string tensor = layer.input(0);
  while (true) {
    const NodeProto* maker = graph.producer(tensor);
    if (!maker || !keeps_values(*maker) || graph.is_output(tensor) ||
        graph.consumers(tensor).size() != 1 || maker->output_size() != 1)
      return tensor;
    tensor = maker->input(0);
  }
}

TensorProto scalar(uint8_t value) {
  TensorProto t;
  t.set_data_type(TensorProto::UINT8);
  t.set_raw_data(&value, 1);
  return t;
}

/// q = round(x / scale) + zero, in 0..255, with 0 exactly representable.
void quantize_activation(OnnxGraph& graph, const std::string& tensor,
                         const TensorRange& range) {
  const double low = std::min(range.low, 0.0);
  const double high = std::max(range.high, 0.0);
  const auto scale = static_cast<float>(high > low ? (high - low) / 255 : 1.0);
  const double zero = std::clamp(std::nearbyint(-low / scale), 0.0, 255.0);
  const std::string s = graph.add_constant(tensor + "_scale", {{}, {scale}});
  const std::string z =
      graph.add_tensor(tensor + "_zero", scalar(static_cast<uint8_t>(zero)));
  NodeProto& down =
      graph.add_node("QuantizeLinear", tensor + "_quantized", {tensor, s, z});
  NodeProto& up = graph.add_node("DequantizeLinear", tensor + "_rounded",
                                 {down.output(0), s, z});
  graph.redirect(tensor, up.output(0), {&down});
}

/// The scale of each output channel: the largest weight meets `largest`.
std::vector<double> channel_scales(const Constant& weight, size_t axis,
                                   int largest) {
  const size_t inner = weight.inner(axis);
  const auto channels = static_cast<size_t>(weight.dims[axis]);
  std::vector<double> scales(channels, 0.0);
  for (size_t i = 0; i < weight.values.size(); ++i) {
    double& scale = scales[i / inner % channels];
    scale = std::max(scale, std::fabs(weight.values[i]));
  }
  for (double& scale : scales) {
    scale = static_cast<float>(scale / largest);
    // All zeros, or too small for a float: any scale gives zeros.
    if (scale < 1e-30) scale = 1;
  }
  return scales;
}

TensorProto int8_tensor(const std::vector<int64_t>& dims,
                        const std::vector<int8_t>& values) {
  TensorProto t;
  t.set_data_type(TensorProto::INT8);
  for (const int64_t dim : dims) t.add_dims(dim);
  t.set_raw_data(values.data(), values.size());
  return t;
}

void quantize_weight(OnnxGraph& graph, NodeProto& layer, int largest) {
  const std::string name = layer.input(1);
  Constant weight = graph.constant(name);
  const size_t axis = output_axis(layer, weight.dims.size());
  const auto scales = channel_scales(weight, axis, largest);
  const size_t inner = weight.inner(axis);
  std::vector<int8_t> steps;
  steps.reserve(weight.values.size());
  for (size_t i = 0; i < weight.values.size(); ++i) {
    const double q = weight.values[i] / scales[i / inner % scales.size()];
    steps.push_back(static_cast<int8_t>(
        std::clamp<double>(std::nearbyint(q), -largest, largest)));
  }
  const auto channels = static_cast<int64_t>(scales.size());
  const std::string q =
      graph.add_tensor(name + "_int8", int8_tensor(weight.dims, steps));
  const std::string s =
      graph.add_constant(name + "_scale", {{channels}, scales});
  const std::string z = graph.add_tensor(
      name + "_zero",
      int8_tensor({channels}, std::vector<int8_t>(scales.size(), 0)));
  NodeProto& up =
      graph.add_node("DequantizeLinear", name + "_rounded", {q, s, z});
  set_attribute(up, "axis", static_cast<int64_t>(axis));
  layer.set_input(1, up.output(0));
}

}  // namespace

std::vector<std::string> tensors_to_calibrate(const onnx::ModelProto& model,
                                              const QuantizeOptions& options) {
  onnx::ModelProto copy = model;
  OnnxGraph graph(copy, "quantize");
  std::vector<std::string> tensors;
  for (NodeProto* layer : choose(graph, options).quantized) {
    std::string tensor = rounding_place(graph, *layer);
    if (std::ranges::find(tensors, tensor) == tensors.end())
      tensors.push_back(std::move(tensor));
  }
  return tensors;
}

QuantizeResult quantize(onnx::ModelProto& model, const TensorRanges& ranges,
                        const QuantizeOptions& options) {
  const std::vector<std::string> tensors = tensors_to_calibrate(model, options);
  OnnxGraph graph(model, "quantize");
  Choice choice = choose(graph, options);
  for (const std::string& tensor : tensors) {
    const auto range = ranges.find(tensor);
    if (range == ranges.end()) {
      fail<DataError>(
          "[quantize] expected a range for the tensor '{}'; got none among {}. "
          "Calibrate the graph that is quantised.",
          tensor, ranges.size());
    }
    quantize_activation(graph, tensor, range->second);
  }
  QuantizeResult result;
  for (NodeProto* layer : choice.quantized) {
    quantize_weight(graph, *layer, options.reduce_range ? 63 : 127);
    result.quantized.push_back(layer->name());
  }
  result.kept = std::move(choice.kept);
  graph.finish();
  return result;
}

}  // namespace fer
