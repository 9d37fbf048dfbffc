#include "export/layer_weights.h"

namespace fer {
namespace {

std::string bias_name(const onnx::NodeProto& layer) {
  return layer.input_size() > 2 ? layer.input(2) : std::string();
}

}  // namespace

bool is_weighted(const OnnxGraph& graph, const onnx::NodeProto& node) {
  const std::string& op = node.op_type();
  if (op != "Conv" && op != "Gemm" && op != "MatMul") return false;
  if (node.input_size() < 2 || !graph.is_constant(node.input(1))) return false;
  if (op == "Conv") return true;
  if (op == "MatMul") return graph.tensor(node.input(1)).dims_size() >= 2;
  return attribute(node, "transA", int64_t{0}) == 0 &&
         attribute(node, "alpha", 1.0) == 1 &&
         attribute(node, "beta", 1.0) == 1;
}

size_t output_axis(const onnx::NodeProto& layer, size_t rank) {
  const bool first =
      layer.op_type() == "Conv" || attribute(layer, "transB", int64_t{0}) == 1;
  return first ? 0 : rank - 1;
}

bool has_constant_bias(const OnnxGraph& graph, const onnx::NodeProto& layer) {
  const std::string name = bias_name(layer);
  return name.empty() || graph.is_constant(name);
}

std::vector<double> bias_of(const OnnxGraph& graph,
                            const onnx::NodeProto& layer, size_t channels) {
  const std::string name = bias_name(layer);
  if (name.empty()) return std::vector<double>(channels, 0.0);
  std::vector<double> bias = graph.constant(name).values;
  if (bias.size() == 1) bias.resize(channels, bias[0]);
  return bias;
}

void set_bias(OnnxGraph& graph, onnx::NodeProto& layer,
              std::vector<double> bias) {
  const Constant value{{static_cast<int64_t>(bias.size())}, std::move(bias)};
  if (!bias_name(layer).empty()) {
    graph.set_constant(layer, 2, value);
    return;
  }
  if (layer.input_size() < 3) layer.add_input();
  layer.set_input(2, graph.add_constant(layer.name() + "_bias", value));
}

void add_to_bias(OnnxGraph& graph, onnx::NodeProto& layer,
                 const std::vector<double>& more) {
  std::vector<double> bias = bias_of(graph, layer, more.size());
  for (size_t c = 0; c < bias.size(); ++c) bias[c] += more[c];
  set_bias(graph, layer, std::move(bias));
}

std::string add_behind(OnnxGraph& graph, const onnx::NodeProto& layer,
                       const Constant& value) {
  const std::string behind = layer.output(0);
  const std::string name = graph.add_constant(layer.name() + "_shift", value);
  const onnx::NodeProto& add =
      graph.add_node("Add", layer.name() + "_shifted", {behind, name});
  graph.redirect(behind, add.output(0), {&add});
  return add.output(0);
}

}  // namespace fer
