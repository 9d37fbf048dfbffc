// Convolution, dense layers, normalisation and pooling.
#include <limits>

#include "export/operator_functions.h"

namespace fer::operators {
namespace {

using Integers = std::vector<int64_t>;

// [1, 2] at the front and at the back: ONNX's pads.
Integers both_sides(const Integers& padding) {
  Integers pads = padding;
  pads.insert(pads.end(), padding.begin(), padding.end());
  return pads;
}

size_t spatial(OperatorCall& call) { return call.shape("weight").size() - 2; }

TensorNames with_bias(OperatorCall& call, TensorNames inputs) {
  if (call.has("bias")) inputs.push_back(call.tensor("bias"));
  return inputs;
}

// "kernel_shape" of a convolution.
Integers kernel(OperatorCall& call) {
  const Shape& shape = call.shape("weight");
  return {shape.begin() + 2, shape.end()};
}

OnnxAttributes window(OperatorCall& call, size_t n) {
  Integers size = call.integers("kernel_size", n);
  const bool own = call.has("stride") && !call.integers("stride").empty();
  return {{"kernel_shape", size},
          {"strides", own ? call.integers("stride", n) : size},
          {"pads", both_sides(call.integers("padding", n))},
          {"ceil_mode", int64_t{call.flag("ceil_mode")}}};
}

// Output [1, 1]: over the whole picture. Else windows that tile it exactly.
TensorNames adaptive(OperatorCall& call, const char* global,
                     const char* tiled) {
  const Shape& in = call.shape("self");
  const Integers out = call.integers("output_size", 2);
  if (out == Integers{1, 1}) return {call.node(global, {call.tensor("self")})};
  Integers tile;
  for (size_t i = 0; i < 2; ++i) {
    const int64_t side = in[in.size() - 2 + i];
    if (side < 0 || side % out[i] != 0)
      call.refuse("the output size does not divide the input " + to_text(in));
    tile.push_back(side / out[i]);
  }
  return {call.node(tiled, {call.tensor("self")},
                    {{"kernel_shape", tile}, {"strides", tile}})};
}

std::string weight_or(OperatorCall& call, const char* name, int64_t count,
                      float value) {
  if (call.has(name)) return call.tensor(name);
  return call.onnx().filled(static_cast<size_t>(count), value);
}

}  // namespace

TensorNames convolution(OperatorCall& call) {
  const size_t n = spatial(call);
  const bool transposed = call.flag("transposed");
  OnnxAttributes attributes = {
      {"kernel_shape", kernel(call)},
      {"strides", call.integers("stride", n)},
      {"pads", both_sides(call.integers("padding", n))},
      {"dilations", call.integers("dilation", n)},
      {"group", call.integer("groups")}};
  if (transposed)
    attributes.emplace_back("output_padding",
                            call.integers("output_padding", n));
  return {
      call.node(transposed ? "ConvTranspose" : "Conv",
                with_bias(call, {call.tensor("input"), call.tensor("weight")}),
                attributes)};
}

TensorNames convolution_mode(OperatorCall& call) {
  const size_t n = spatial(call);
  const Integers size = kernel(call), dilation = call.integers("dilation", n);
  Integers front(n, 0), back(n, 0);
  for (size_t i = 0; i < n && call.text("padding") == "same"; ++i) {
    const int64_t total = dilation[i] * (size[i] - 1);
    front[i] = total / 2;
    back[i] = total - front[i];
  }
  front.insert(front.end(), back.begin(), back.end());
  return {call.node(
      "Conv", with_bias(call, {call.tensor("input"), call.tensor("weight")}),
      {{"kernel_shape", size},
       {"strides", call.integers("stride", n)},
       {"pads", front},
       {"dilations", dilation},
       {"group", call.integer("groups")}})};
}

TensorNames linear(OperatorCall& call) {
  if (call.shape("input").size() == 2) {
    return {call.node(
        "Gemm", with_bias(call, {call.tensor("input"), call.tensor("weight")}),
        {{"transB", int64_t{1}}})};
  }
  const std::string product = call.node(
      "MatMul",
      {call.tensor("input"), call.onnx().transposed(call.tensor("weight"))});
  if (!call.has("bias")) return {product};
  return {call.node("Add", {product, call.tensor("bias")})};
}

// beta * self + alpha * mat1 mat2.
TensorNames addmm(OperatorCall& call) {
  OnnxAttributes attributes;
  for (const char* name : {"alpha", "beta"})
    if (call.number(name) != 1)
      attributes.emplace_back(name, call.number(name));
  return {call.node(
      "Gemm", {call.tensor("mat1"), call.tensor("mat2"), call.tensor("self")},
      attributes)};
}

TensorNames batch_norm(OperatorCall& call) {
  if (call.flag("training") || !call.has("running_mean"))
    call.refuse("it uses the statistics of the batch");
  const int64_t channels = call.shape("input").at(1);
  return {
      call.node("BatchNormalization",
                {call.tensor("input"), weight_or(call, "weight", channels, 1),
                 weight_or(call, "bias", channels, 0),
                 call.tensor("running_mean"), call.tensor("running_var")},
                {{"epsilon", call.number("eps")}})};
}

// Opset 17 has no GroupNormalization: each group as one channel of an
// InstanceNormalization, then scale and shift per channel.
TensorNames group_norm(OperatorCall& call) {
  const Shape& shape = call.shape("input");
  const int64_t groups = call.integer("num_groups");
  const auto count = static_cast<size_t>(groups);
  std::string y = call.node(
      "Reshape", {call.tensor("input"), call.onnx().integers({0, groups, -1})});
  y = call.node("InstanceNormalization",
                {y, call.onnx().filled(count, 1), call.onnx().filled(count, 0)},
                {{"epsilon", call.number("eps")}});
  Shape open = shape;
  open[0] = -1;
  y = call.node("Reshape", {y, call.onnx().integers(open)});
  Shape per_channel(shape.size() - 1, 1);
  per_channel[0] = shape.at(1);
  const std::string target = call.onnx().integers(per_channel);
  if (call.has("weight")) {
    y = call.node("Mul",
                  {y, call.node("Reshape", {call.tensor("weight"), target})});
  }
  if (call.has("bias")) {
    y = call.node("Add",
                  {y, call.node("Reshape", {call.tensor("bias"), target})});
  }
  return {y};
}

TensorNames layer_norm(OperatorCall& call) {
  const Integers shape = call.integers("normalized_shape");
  if (shape.size() != 1 && !call.has("weight"))
    call.refuse("it has no weight over several dimensions");
  TensorNames inputs = {call.tensor("input"),
                        weight_or(call, "weight", shape.at(0), 1)};
  return {call.node("LayerNormalization", with_bias(call, inputs),
                    {{"axis", -static_cast<int64_t>(shape.size())},
                     {"epsilon", call.number("eps")}})};
}

// One slope for all, or one per channel: [C, 1, 1] for pictures.
TensorNames prelu(OperatorCall& call) {
  std::string slope = call.tensor("weight");
  const size_t rank = call.shape("self").size();
  if (call.shape("weight").at(0) > 1 && rank > 2) {
    Shape target(rank - 1, 1);
    target[0] = call.shape("weight")[0];
    slope = call.node("Reshape", {slope, call.onnx().integers(target)});
  }
  return {call.node("PRelu", {call.tensor("self"), slope})};
}

// ONNX Runtime (1.31) takes a Pad of zeros for the padding of a MaxPool, which
// is minus infinity; a Clip that changes nothing keeps them apart.
TensorNames max_pool(OperatorCall& call) {
  std::string x = call.tensor("self");
  if (call.made_by("self") == "aten::constant_pad_nd") {
    const double lowest = std::numeric_limits<float>::lowest();
    x = call.node("Clip", {x, call.onnx().number(lowest, call.type("self"))});
  }
  OnnxAttributes attributes = window(call, 2);
  attributes.emplace_back("dilations", call.integers("dilation", 2));
  return {call.node("MaxPool", {x}, attributes)};
}

TensorNames avg_pool(OperatorCall& call) {
  if (call.has("divisor_override")) call.refuse("divisor_override is set");
  OnnxAttributes attributes = window(call, 2);
  attributes.emplace_back("count_include_pad",
                          int64_t{call.flag("count_include_pad")});
  return {call.node("AveragePool", {call.tensor("self")}, attributes)};
}

TensorNames adaptive_avg_pool(OperatorCall& call) {
  return adaptive(call, "GlobalAveragePool", "AveragePool");
}

TensorNames adaptive_max_pool(OperatorCall& call) {
  return adaptive(call, "GlobalMaxPool", "MaxPool");
}

}  // namespace fer::operators
