#include "export/half.h"

#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string_view>

#include "core/error.h"
#include "export/half_float.h"
#include "export/layer_weights.h"
#include "export/onnx_graph.h"

namespace fer {
namespace {

using onnx::NodeProto;
using onnx::TensorProto;

/// Long sums, quotients of small numbers, and nodes that half does not exist
/// for.
constexpr std::array<std::string_view, 16> kFloatOps{"LayerNormalization",
                                                     "Softmax",
                                                     "LogSoftmax",
                                                     "Sigmoid",
                                                     "ReduceMean",
                                                     "ReduceSum",
                                                     "ReduceL2",
                                                     "GlobalAveragePool",
                                                     "BatchNormalization",
                                                     "Erf",
                                                     "Exp",
                                                     "Resize",
                                                     "QuantizeLinear",
                                                     "DequantizeLinear",
                                                     "Range",
                                                     "ConstantOfShape"};

/// Names of the tensors, constants apart, that hold float32.
std::set<std::string> float_tensors(const onnx::ModelProto& model) {
  onnx::ModelProto copy = model;
  onnx::shape_inference::InferShapes(copy);
  std::set<std::string> names;
  const auto add = [&](const auto& values) {
    for (const onnx::ValueInfoProto& value : values)
      if (value.type().tensor_type().elem_type() == TensorProto::FLOAT)
        names.insert(value.name());
  };
  add(copy.graph().input());
  add(copy.graph().value_info());
  add(copy.graph().output());
  return names;
}

class Halver {
 public:
  explicit Halver(onnx::ModelProto& model)
      : floats_(float_tensors(model)), graph_(model, "half") {
    choose();
    for (NodeProto* node : nodes_) connect(*node);
    graph_.finish();
  }

 private:
  /// Which nodes compute in half: those between the first and the last layers
  /// with weights, both among them, that half is good for.
  void choose();
  bool suits(const NodeProto& node) const;
  /// Gives the node its inputs in the type that it computes in.
  void connect(NodeProto& node);
  const std::string& half_constant(const std::string& name);
  /// The tensor behind a Cast, the same one for all who ask.
  std::string cast(const std::string& tensor, bool to_half_type);

  std::set<std::string> floats_;
  OnnxGraph graph_;
  std::vector<NodeProto*> nodes_;
  std::set<const NodeProto*> half_;
  std::set<std::string> half_outputs_;
  std::map<std::string, std::string> casts_, half_constants_;
};

void Halver::choose() {
  for (auto& node : *graph_.proto().mutable_node())
    if (node.op_type() != "Constant") nodes_.push_back(&node);
  // Nodes stand behind what they read: one pass in each direction.
  std::set<std::string> behind, before;
  std::set<const NodeProto*> late, early;
  for (NodeProto* node : nodes_) {
    if (is_weighted(graph_, *node) ||
        std::ranges::any_of(node->input(),
                            [&](const auto& i) { return behind.count(i); })) {
      late.insert(node);
      behind.insert(node->output().begin(), node->output().end());
    }
  }
  for (auto node = nodes_.rbegin(); node != nodes_.rend(); ++node) {
    if (is_weighted(graph_, **node) ||
        std::ranges::any_of((*node)->output(),
                            [&](const auto& o) { return before.count(o); })) {
      early.insert(*node);
      before.insert((*node)->input().begin(), (*node)->input().end());
    }
  }
  for (NodeProto* node : nodes_) {
    if (!late.count(node) || !early.count(node) || !suits(*node)) continue;
    half_.insert(node);
    for (const auto& output : node->output())
      if (floats_.count(output)) half_outputs_.insert(output);
  }
}

bool Halver::suits(const NodeProto& node) const {
  if (std::ranges::find(kFloatOps, node.op_type()) != kFloatOps.end() ||
      node.op_type() == "Cast")
    return false;
  for (const auto& output : node.output())
    if (graph_.is_output(output)) return false;
  // A small constant that half would round to 0 guards a quotient.
  return std::ranges::none_of(node.input(), [&](const auto& input) {
    if (!graph_.is_constant(input) ||
        graph_.tensor(input).data_type() != TensorProto::FLOAT)
      return false;
    const Constant c = graph_.constant(input);
    return c.values.size() == 1 && c.values[0] != 0 &&
           std::fabs(c.values[0]) < 0x1p-14;
  });
}

void Halver::connect(NodeProto& node) {
  const bool wants_half = half_.count(&node) != 0;
  for (auto& input : *node.mutable_input()) {
    if (input.empty()) continue;
    if (graph_.is_constant(input)) {
      if (wants_half && graph_.tensor(input).data_type() == TensorProto::FLOAT)
        input = half_constant(input);
    } else if (floats_.count(input) &&
               wants_half != (half_outputs_.count(input) != 0)) {
      input = cast(input, wants_half);
    }
  }
}

const std::string& Halver::half_constant(const std::string& name) {
  auto [found, is_new] = half_constants_.try_emplace(name);
  if (!is_new) return found->second;
  const Constant c = graph_.constant(name);
  std::vector<uint16_t> bits;
  bits.reserve(c.values.size());
  for (double value : c.values) {
    // A Clip's bound that says "none" stays none.
    if (std::fabs(value) == std::numeric_limits<float>::max())
      value = std::copysign(kLargestHalf, value);
    bits.push_back(to_half_bits(value));
    if (std::isfinite(value) && (bits.back() & 0x7c00) == 0x7c00) {
      fail<DataError>(
          "[half] expected weights within +-65504, the largest of half "
          "precision; got {:g} in '{}'. Export as fp32.",
          value, name);
    }
  }
  TensorProto t;
  t.set_data_type(TensorProto::FLOAT16);
  for (const int64_t dim : c.dims) t.add_dims(dim);
  t.set_raw_data(bits.data(), bits.size() * sizeof(uint16_t));
  found->second = graph_.add_tensor(name + "_half", std::move(t));
  return found->second;
}

std::string Halver::cast(const std::string& tensor, bool to_half_type) {
  auto [found, is_new] = casts_.try_emplace(tensor);
  if (is_new) {
    NodeProto& node = graph_.add_node(
        "Cast", tensor + (to_half_type ? "_to_half" : "_to_float"), {tensor});
    set_attribute(node, "to",
                  to_half_type ? TensorProto::FLOAT16 : TensorProto::FLOAT);
    found->second = node.output(0);
  }
  return found->second;
}

}  // namespace

void to_half(onnx::ModelProto& model) { Halver{model}; }

}  // namespace fer
