// The functions behind the table of operators.cpp, by family. Each adds the
// ONNX nodes of one operator and returns the names of its outputs.
#pragma once

#include <algorithm>
#include <cstddef>

#include "export/operator_call.h"

namespace fer::operators {

/// A text as a template argument: unary<"Relu">.
template <size_t n>
struct NodeType {
  char text[n];
  constexpr NodeType(const char (&from)[n]) { std::copy_n(from, n, text); }
};

/// Operators that ONNX has under another name.
template <NodeType type>
TensorNames unary(OperatorCall& call) {
  return {call.node(type.text, {call.tensor("self")})};
}
template <NodeType type>
TensorNames binary(OperatorCall& call) {
  return {call.node(type.text, {call.operand("self"), call.operand("other")})};
}
TensorNames reduce(OperatorCall& call, const char* type);
template <NodeType type>
TensorNames reduce(OperatorCall& call) {
  return reduce(call, type.text);
}

// operators_layers.cpp
TensorNames convolution(OperatorCall& call);
TensorNames convolution_mode(OperatorCall& call);
TensorNames addmm(OperatorCall& call);
TensorNames batch_norm(OperatorCall& call);
TensorNames group_norm(OperatorCall& call);
TensorNames layer_norm(OperatorCall& call);
TensorNames linear(OperatorCall& call);
TensorNames prelu(OperatorCall& call);
TensorNames adaptive_avg_pool(OperatorCall& call);
TensorNames adaptive_max_pool(OperatorCall& call);
TensorNames avg_pool(OperatorCall& call);
TensorNames max_pool(OperatorCall& call);

// operators_math.cpp
TensorNames matmul(OperatorCall& call);
TensorNames attention(OperatorCall& call);
TensorNames elu(OperatorCall& call);
TensorNames gelu(OperatorCall& call);
TensorNames hard_sigmoid(OperatorCall& call);
TensorNames hard_tanh(OperatorCall& call);
TensorNames leaky_relu(OperatorCall& call);
TensorNames log_softmax(OperatorCall& call);
TensorNames mish(OperatorCall& call);
TensorNames relu6(OperatorCall& call);
TensorNames silu(OperatorCall& call);
TensorNames softmax(OperatorCall& call);
TensorNames softplus(OperatorCall& call);
TensorNames add(OperatorCall& call);
TensorNames subtract(OperatorCall& call);
TensorNames rsub(OperatorCall& call);
TensorNames divide(OperatorCall& call);
TensorNames power(OperatorCall& call);
TensorNames rsqrt(OperatorCall& call);
TensorNames clamp(OperatorCall& call);
TensorNames mean(OperatorCall& call);
TensorNames sum(OperatorCall& call);

// operators_shape.cpp
TensorNames reshape(OperatorCall& call);
TensorNames flatten(OperatorCall& call);
TensorNames permute(OperatorCall& call);
TensorNames transpose(OperatorCall& call);
TensorNames transpose_matrix(OperatorCall& call);
TensorNames expand(OperatorCall& call);
TensorNames expand_as(OperatorCall& call);
TensorNames cat(OperatorCall& call);
TensorNames stack(OperatorCall& call);
TensorNames split(OperatorCall& call);
TensorNames unbind(OperatorCall& call);
TensorNames select(OperatorCall& call);
TensorNames narrow(OperatorCall& call);
TensorNames slice(OperatorCall& call);
TensorNames flip(OperatorCall& call);
TensorNames pad(OperatorCall& call);
TensorNames same(OperatorCall& call);
TensorNames dropout(OperatorCall& call);

}  // namespace fer::operators
