// Arithmetic, activations, reductions, attention.
#include <cmath>
#include <numbers>
#include <numeric>

#include "export/operator_functions.h"

namespace fer::operators {
namespace {

// A number beside a tensor of the output's type.
std::string constant(OperatorCall& call, double value) {
  return call.onnx().number(value, call.output_type());
}

std::string scaled(OperatorCall& call, const std::string& x, double factor) {
  return factor == 1 ? x : call.node("Mul", {x, constant(call, factor)});
}

// other, times alpha where that is not 1.
std::string scaled_operand(OperatorCall& call, const char* name) {
  const double alpha = call.has("alpha") ? call.number("alpha") : 1;
  return scaled(call, call.operand(name), alpha);
}

// The dimensions that are reduced; all where none is named.
std::vector<int64_t> reduced(OperatorCall& call) {
  if (call.has("dim") && !call.integers("dim").empty()) return call.axes("dim");
  std::vector<int64_t> all(call.shape("self").size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

int64_t keep(OperatorCall& call) {
  return call.has("keepdim") && call.flag("keepdim") ? 1 : 0;
}

TensorNames over_axis(OperatorCall& call, const char* type) {
  return {
      call.node(type, {call.operand("self")}, {{"axis", call.axis("dim")}})};
}

// 0.5 x (1 + f).
TensorNames half_gate(OperatorCall& call, const std::string& x,
                      const std::string& f) {
  const std::string gate = call.node("Add", {f, constant(call, 1)});
  return {scaled(call, call.node("Mul", {x, gate}), 0.5)};
}

}  // namespace

TensorNames reduce(OperatorCall& call, const char* type) {
  return {call.node(type, {call.operand("self")},
                    {{"axes", reduced(call)}, {"keepdims", keep(call)}})};
}

TensorNames mean(OperatorCall& call) {
  const bool pictures = call.shape("self").size() == 4 && keep(call) == 1 &&
                        reduced(call) == std::vector<int64_t>{2, 3};
  if (pictures) return {call.node("GlobalAveragePool", {call.operand("self")})};
  return reduce(call, "ReduceMean");
}

// Since opset 13 the axes of a sum, and of no other reduction, are an input.
TensorNames sum(OperatorCall& call) {
  return {call.node("ReduceSum",
                    {call.operand("self"), call.onnx().integers(reduced(call))},
                    {{"keepdims", keep(call)}})};
}

TensorNames matmul(OperatorCall& call) {
  const char* other = call.has("mat2") ? "mat2" : "other";
  return {call.node("MatMul", {call.tensor("self"), call.tensor(other)})};
}

// softmax(q k' / sqrt(d)) v. The queries are scaled before the product: readers
// that fuse it (OpenCV 4) have lost a scale behind it.
TensorNames attention(OperatorCall& call) {
  const Shape& q = call.shape("query");
  if (call.flag("is_causal") || call.number("dropout_p") != 0 ||
      (call.has("enable_gqa") && call.flag("enable_gqa")))
    call.refuse("is_causal, dropout_p or enable_gqa is set");
  const double scale = call.has("scale")
                           ? call.number("scale")
                           : 1 / std::sqrt(static_cast<double>(q.back()));
  std::vector<int64_t> order(q.size());
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  const std::string keys =
      call.node("Transpose", {call.tensor("key")}, {{"perm", order}});
  std::string scores =
      call.node("MatMul", {scaled(call, call.tensor("query"), scale), keys});
  if (call.has("attn_mask")) {
    if (call.type("attn_mask") == ElementType::kBool)
      call.refuse("attn_mask holds truth values instead of numbers to add");
    scores = call.node("Add", {scores, call.tensor("attn_mask")});
  }
  const std::string weights =
      call.node("Softmax", {scores}, {{"axis", int64_t{-1}}});
  return {call.node("MatMul", {weights, call.tensor("value")})};
}

TensorNames softmax(OperatorCall& call) { return over_axis(call, "Softmax"); }

TensorNames log_softmax(OperatorCall& call) {
  return over_axis(call, "LogSoftmax");
}

TensorNames elu(OperatorCall& call) {
  if (call.number("scale") != 1 || call.number("input_scale") != 1)
    call.refuse("scale or input_scale is not 1");
  return {call.node("Elu", {call.tensor("self")},
                    {{"alpha", call.number("alpha")}})};
}

// Exact: 0.5 x (1 + erf(x / sqrt(2))); "tanh": Hendrycks and Gimpel's
// approximation (arXiv:1606.08415). Opset 17 has no Gelu.
TensorNames gelu(OperatorCall& call) {
  const std::string x = call.tensor("self");
  if (call.text("approximate") == "none") {
    const std::string z =
        call.node("Div", {x, constant(call, std::numbers::sqrt2)});
    return half_gate(call, x, call.node("Erf", {z}));
  }
  const std::string square = call.node("Mul", {x, x});
  const std::string cube = call.node("Mul", {square, x});
  const std::string inner = call.node("Add", {x, scaled(call, cube, 0.044715)});
  const double factor = std::sqrt(2 / std::numbers::pi);
  return half_gate(call, x, call.node("Tanh", {scaled(call, inner, factor)}));
}

TensorNames hard_sigmoid(OperatorCall& call) {
  return {call.node("HardSigmoid", {call.tensor("self")},
                    {{"alpha", 1.0 / 6}, {"beta", 0.5}})};
}

TensorNames hard_tanh(OperatorCall& call) {
  return {call.node(
      "Clip", {call.tensor("self"), constant(call, call.number("min_val")),
               constant(call, call.number("max_val"))})};
}

TensorNames relu6(OperatorCall& call) {
  return {call.node(
      "Clip", {call.tensor("self"), constant(call, 0), constant(call, 6)})};
}

TensorNames leaky_relu(OperatorCall& call) {
  return {call.node("LeakyRelu", {call.tensor("self")},
                    {{"alpha", call.number("negative_slope")}})};
}

TensorNames mish(OperatorCall& call) {
  const std::string x = call.tensor("self");
  return {
      call.node("Mul", {x, call.node("Tanh", {call.node("Softplus", {x})})})};
}

TensorNames silu(OperatorCall& call) {
  const std::string x = call.tensor("self");
  return {call.node("Mul", {x, call.node("Sigmoid", {x})})};
}

TensorNames softplus(OperatorCall& call) {
  if (call.number("beta") != 1) call.refuse("beta is not 1");
  return {call.node("Softplus", {call.tensor("self")})};
}

TensorNames add(OperatorCall& call) {
  return {
      call.node("Add", {call.operand("self"), scaled_operand(call, "other")})};
}

TensorNames subtract(OperatorCall& call) {
  return {
      call.node("Sub", {call.operand("self"), scaled_operand(call, "other")})};
}

// other - alpha * self.
TensorNames rsub(OperatorCall& call) {
  return {
      call.node("Sub", {call.operand("other"), scaled_operand(call, "self")})};
}

TensorNames divide(OperatorCall& call) {
  if (call.has("rounding_mode")) call.refuse("rounding_mode is set");
  return {call.node("Div", {call.operand("self"), call.operand("other")})};
}

TensorNames power(OperatorCall& call) {
  return {call.node("Pow", {call.operand("self"), call.operand("exponent")})};
}

TensorNames rsqrt(OperatorCall& call) {
  return {call.node("Reciprocal", {call.node("Sqrt", {call.tensor("self")})})};
}

TensorNames clamp(OperatorCall& call) {
  TensorNames inputs = {call.tensor("self"), "", ""};
  if (call.has("min")) inputs[1] = call.operand("min");
  if (call.has("max")) inputs[2] = call.operand("max");
  return {call.node("Clip", inputs)};
}

}  // namespace fer::operators
