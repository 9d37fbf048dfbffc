#include "export/fold_batch_norm.h"

#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/error.h"
#include "export/channel_affine.h"
#include "export/layer_weights.h"
#include "export/onnx_graph.h"

namespace fer {
namespace {

using onnx::NodeProto;

/// By tensor; 0 where a size is not known.
using Shapes = std::map<std::string, std::vector<int64_t>>;

Shapes inferred_shapes(const onnx::ModelProto& model) {
  onnx::ModelProto copy = model;
  onnx::shape_inference::InferShapes(copy);
  Shapes shapes;
  const auto add = [&](const onnx::ValueInfoProto& value) {
    auto& shape = shapes[value.name()];
    for (const auto& dim : value.type().tensor_type().shape().dim())
      shape.push_back(dim.dim_value());
  };
  for (const auto& value : copy.graph().value_info()) add(value);
  for (const auto& value : copy.graph().input()) add(value);
  return shapes;
}

/// A layer behind the norm that takes it over.
struct Taker {
  NodeProto* node;
  int64_t repeat;  ///< inputs per channel, behind a Flatten
};

class Folder {
 public:
  Folder(onnx::ModelProto& model, const FoldOptions& options)
      : shapes_(inferred_shapes(model)), graph_(model, "fold") {
    std::vector<NodeProto*> norms;
    for (auto& node : *graph_.proto().mutable_node())
      if (node.op_type() == "BatchNormalization") norms.push_back(&node);
    // All backwards first: a shift map stands between its layers afterwards.
    std::erase_if(norms, [this](NodeProto* norm) { return backward(*norm); });
    for (NodeProto* norm : norms) {
      reason_ = "folding forward is off";
      if (!options.forward || !forward(*norm))
        result_.left.push_back(fmt::format("{}: {}", norm->name(), reason_));
    }
    graph_.finish();
  }
  FoldResult take_result() { return std::move(result_); }

 private:
  bool backward(NodeProto& norm);
  bool forward(NodeProto& norm);
  /// The layer that the norm reads through a ReLU, if nobody else reads either.
  NodeProto* layer_before_relu(const NodeProto& norm);
  void scale_outputs(NodeProto& layer, std::vector<double> scale);

  /// False, with the reason, unless every reader of the tensor takes the norm
  /// over or hands it on unchanged.
  bool find_takers(const std::string& tensor, const ChannelAffine& affine,
                   bool flat, std::vector<Taker>& takers);
  bool hands_on(const NodeProto& node, const ChannelAffine& affine);
  bool conv_takes(NodeProto& conv, const ChannelAffine& affine, bool flat,
                  std::vector<Taker>& takers);
  bool dense_takes(NodeProto& dense, const ChannelAffine& affine, bool flat,
                   std::vector<Taker>& takers);
  bool is_flatten(const NodeProto& node);

  void into_conv(NodeProto& conv, const ChannelAffine& affine);
  void into_dense(const Taker& taker, const ChannelAffine& affine);

  bool refuse(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }
  bool refuse_reader(const NodeProto& node) {
    return refuse(
        fmt::format("its output goes to {} ({})", node.name(), node.op_type()));
  }

  Shapes shapes_;
  std::set<std::string> maps_;  ///< what shift maps have been added to
  OnnxGraph graph_;
  FoldResult result_;
  std::string reason_;
};

bool Folder::backward(NodeProto& norm) {
  const std::string x = norm.input(0);
  NodeProto* layer = graph_.producer(x);
  if (!layer || !is_weighted(graph_, *layer) || layer->op_type() == "MatMul" ||
      !has_constant_bias(graph_, *layer) || graph_.consumers(x).size() != 1 ||
      graph_.is_output(x))
    return false;
  const ChannelAffine affine = affine_of(graph_, norm);
  Constant weight = graph_.constant(layer->input(1));
  const size_t axis = output_axis(*layer, weight.dims.size());
  if (weight.dims[axis] != static_cast<int64_t>(affine.scale.size()))
    return false;
  scale_axis(weight, axis, affine.scale);
  graph_.set_constant(*layer, 1, weight);
  std::vector<double> bias = bias_of(graph_, *layer, affine.scale.size());
  for (size_t c = 0; c < bias.size(); ++c)
    bias[c] = bias[c] * affine.scale[c] + affine.shift[c];
  set_bias(graph_, *layer, std::move(bias));
  // The layer makes the norm's output itself, which may be the graph's.
  graph_.remove(&norm);
  layer->set_output(0, norm.output(0));
  ++result_.backward;
  return true;
}

bool Folder::forward(NodeProto& norm) {
  ChannelAffine affine = affine_of(graph_, norm);
  std::vector<Taker> takers;
  if (!find_takers(norm.output(0), affine, false, takers)) return false;
  if (NodeProto* layer = layer_before_relu(norm)) {
    // s relu(x) + t = sign(s) relu(|s| x) + t. So the activations keep the
    // norm's even spread over the channels, which int8 needs.
    std::vector<double> size;
    for (double& s : affine.scale) {
      size.push_back(std::fabs(s));
      s = s < 0 ? -1 : 1;
    }
    scale_outputs(*layer, std::move(size));
  }
  for (const Taker& taker : takers) {
    if (taker.node->op_type() == "Conv")
      into_conv(*taker.node, affine);
    else
      into_dense(taker, affine);
  }
  graph_.redirect(norm.output(0), norm.input(0));
  graph_.remove(&norm);
  ++result_.forward;
  return true;
}

NodeProto* Folder::layer_before_relu(const NodeProto& norm) {
  const auto alone = [this](const std::string& tensor) {
    return graph_.consumers(tensor).size() == 1 && !graph_.is_output(tensor);
  };
  const NodeProto* relu = graph_.producer(norm.input(0));
  if (!relu || relu->op_type() != "Relu" || !alone(norm.input(0)))
    return nullptr;
  const std::string x = relu->input(0);
  NodeProto* layer = graph_.producer(x);
  // A shift map that an earlier fold has left stands in between.
  if (layer && maps_.count(x)) layer = graph_.producer(layer->input(0));
  if (!layer || !alone(x) || !alone(layer->output(0)) ||
      !is_weighted(graph_, *layer) || layer->op_type() == "MatMul" ||
      !has_constant_bias(graph_, *layer))
    return nullptr;
  return layer;
}

void Folder::scale_outputs(NodeProto& layer, std::vector<double> scale) {
  Constant weight = graph_.constant(layer.input(1));
  scale_axis(weight, output_axis(layer, weight.dims.size()), scale);
  graph_.set_constant(layer, 1, weight);
  std::vector<double> bias = bias_of(graph_, layer, scale.size());
  for (size_t c = 0; c < bias.size(); ++c) bias[c] *= scale[c];
  set_bias(graph_, layer, std::move(bias));
  const std::vector<NodeProto*> readers = graph_.consumers(layer.output(0));
  if (readers.size() != 1 || !maps_.count(readers[0]->output(0))) return;
  Constant map = graph_.constant(readers[0]->input(1));
  scale_axis(map, 1, scale);
  graph_.set_constant(*readers[0], 1, map);
}

bool Folder::find_takers(const std::string& tensor, const ChannelAffine& affine,
                         bool flat, std::vector<Taker>& takers) {
  if (graph_.is_output(tensor)) return refuse("it makes an output");
  for (NodeProto* node : graph_.consumers(tensor)) {
    if (node->input(0) != tensor) return refuse_reader(*node);
    bool taken = false;
    if (node->op_type() == "Conv" && is_weighted(graph_, *node))
      taken = conv_takes(*node, affine, flat, takers);
    else if (is_weighted(graph_, *node))
      taken = dense_takes(*node, affine, flat, takers);
    else
      taken = hands_on(*node, affine) &&
              find_takers(node->output(0), affine, flat || is_flatten(*node),
                          takers);
    if (!taken) return false;
  }
  return true;
}

bool Folder::hands_on(const NodeProto& node, const ChannelAffine& affine) {
  const std::string& op = node.op_type();
  if (op == "Identity" || op == "GlobalAveragePool" || is_flatten(node))
    return true;
  if (op != "MaxPool" && op != "GlobalMaxPool") return refuse_reader(node);
  // max(s x + t) is s max(x) + t only where s is not negative.
  const auto negative =
      std::ranges::count_if(affine.scale, [](double s) { return s < 0; });
  if (!negative) return true;
  return refuse(fmt::format("{} of its {} scales are negative, before {}",
                            negative, affine.scale.size(), node.name()));
}

bool Folder::is_flatten(const NodeProto& node) {
  if (node.op_type() == "Flatten")
    return attribute(node, "axis", int64_t{1}) == 1;
  if (node.op_type() != "Reshape") return false;
  const auto shape = shapes_.find(node.output(0));
  return shape != shapes_.end() && shape->second.size() == 2;
}

bool Folder::conv_takes(NodeProto& conv, const ChannelAffine& affine, bool flat,
                        std::vector<Taker>& takers) {
  const auto& dims = graph_.tensor(conv.input(1)).dims();
  const ConvGeometry geometry = ConvGeometry::of(conv);
  if (flat || dims.size() != 4 || geometry.automatic ||
      !has_constant_bias(graph_, conv) || graph_.is_output(conv.output(0)) ||
      dims[1] * geometry.group != static_cast<int64_t>(affine.scale.size()))
    return refuse_reader(conv);
  const std::vector<int64_t>& shape = shapes_[conv.input(0)];
  if (geometry.padded() && (shape.size() != 4 || shape[2] < 1 || shape[3] < 1))
    return refuse(
        fmt::format("the size of the images at {} is not known", conv.name()));
  takers.push_back({&conv, 1});
  return true;
}

bool Folder::dense_takes(NodeProto& dense, const ChannelAffine& affine,
                         bool flat, std::vector<Taker>& takers) {
  const auto& dims = graph_.tensor(dense.input(1)).dims();
  const auto channels = static_cast<int64_t>(affine.scale.size());
  if (dims.size() != 2 || !has_constant_bias(graph_, dense) ||
      graph_.is_output(dense.output(0)))
    return refuse_reader(dense);
  // A MatMul may also take [N, C, H, W] and mix its last axis alone.
  const bool rows = flat || shapes_[dense.input(0)].size() == 2;
  const int64_t inputs = dims[static_cast<int>(1 - output_axis(dense, 2))];
  if (!rows || inputs % channels != 0) return refuse_reader(dense);
  takers.push_back({&dense, inputs / channels});
  return true;
}

void Folder::into_conv(NodeProto& conv, const ChannelAffine& affine) {
  const ConvGeometry geometry = ConvGeometry::of(conv);
  Constant weight = graph_.constant(conv.input(1));
  if (geometry.padded()) {
    const std::vector<int64_t>& shape = shapes_[conv.input(0)];
    const std::string output = add_behind(
        graph_, conv,
        shift_map(weight, geometry, affine.shift, shape[2], shape[3]));
    shapes_[output] = shapes_[conv.output(0)];
    maps_.insert(output);
  } else {
    add_to_bias(graph_, conv, shift_bias(weight, geometry, affine.shift));
  }
  scale_conv_inputs(weight, geometry, affine.scale);
  graph_.set_constant(conv, 1, weight);
}

void Folder::into_dense(const Taker& taker, const ChannelAffine& affine) {
  NodeProto& node = *taker.node;
  Constant weight = graph_.constant(node.input(1));
  const size_t axis = output_axis(node, 2);
  const auto outputs = static_cast<size_t>(weight.dims[axis]);
  const auto inputs = static_cast<size_t>(weight.dims[1 - axis]);
  std::vector<double> bias(outputs, 0.0);
  for (size_t o = 0; o < outputs; ++o)
    for (size_t i = 0; i < inputs; ++i)
      bias[o] += affine.shift[i / static_cast<size_t>(taker.repeat)] *
                 weight.values[axis == 0 ? o * inputs + i : i * outputs + o];
  scale_axis(weight, 1 - axis, affine.scale, taker.repeat);
  graph_.set_constant(node, 1, weight);
  if (node.op_type() == "Gemm")
    add_to_bias(graph_, node, bias);
  else
    add_behind(graph_, node, {{static_cast<int64_t>(outputs)}, bias});
}

}  // namespace

FoldResult fold_batch_norm(onnx::ModelProto& model,
                           const FoldOptions& options) {
  return Folder(model, options).take_result();
}

}  // namespace fer
