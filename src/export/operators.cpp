// The table of operators. To teach the exporter a new one: write a function in
// the file of its family (operators_layers.cpp, operators_math.cpp,
// operators_shape.cpp), declare it in operator_functions.h, add a line here,
// and a case to tests/export/operators_test.cpp.
#include "export/operators.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "export/operator_functions.h"

namespace fer {
namespace {

using namespace operators;

struct Entry {
  const char* name;
  Emit emit;
};

const Entry kOperators[] = {
    // Layers with weights
    {"aten::_convolution", &convolution},
    {"aten::_convolution_mode", &convolution_mode},
    {"aten::addmm", &addmm},
    {"aten::batch_norm", &batch_norm},
    {"aten::group_norm", &group_norm},
    {"aten::layer_norm", &layer_norm},
    {"aten::linear", &linear},
    {"aten::prelu", &prelu},
    // Pooling
    {"aten::adaptive_avg_pool2d", &adaptive_avg_pool},
    {"aten::adaptive_max_pool2d", &adaptive_max_pool},
    {"aten::avg_pool2d", &avg_pool},
    {"aten::max_pool2d", &max_pool},
    {"aten::max_pool2d_with_indices", &max_pool},
    // Attention and products
    {"aten::bmm", &matmul},
    {"aten::matmul", &matmul},
    {"aten::mm", &matmul},
    {"aten::scaled_dot_product_attention", &attention},
    // Activations
    {"aten::elu", &elu},
    {"aten::gelu", &gelu},
    {"aten::hardsigmoid", &hard_sigmoid},
    {"aten::hardswish", &unary<"HardSwish">},
    {"aten::hardtanh", &hard_tanh},
    {"aten::leaky_relu", &leaky_relu},
    {"aten::log_softmax", &log_softmax},
    {"aten::mish", &mish},
    {"aten::relu", &unary<"Relu">},
    {"aten::relu6", &relu6},
    {"aten::sigmoid", &unary<"Sigmoid">},
    {"aten::silu", &silu},
    {"aten::softmax", &softmax},
    {"aten::softplus", &softplus},
    {"aten::tanh", &unary<"Tanh">},
    // Arithmetic
    {"aten::abs", &unary<"Abs">},
    {"aten::add", &add},
    {"aten::clamp", &clamp},
    {"aten::clamp_max", &clamp},
    {"aten::clamp_min", &clamp},
    {"aten::div", &divide},
    {"aten::erf", &unary<"Erf">},
    {"aten::exp", &unary<"Exp">},
    {"aten::log", &unary<"Log">},
    {"aten::maximum", &binary<"Max">},
    {"aten::minimum", &binary<"Min">},
    {"aten::mul", &binary<"Mul">},
    {"aten::neg", &unary<"Neg">},
    {"aten::pow", &power},
    {"aten::reciprocal", &unary<"Reciprocal">},
    {"aten::rsqrt", &rsqrt},
    {"aten::rsub", &rsub},
    {"aten::sqrt", &unary<"Sqrt">},
    {"aten::sub", &subtract},
    // Over dimensions
    {"aten::amax", &reduce<"ReduceMax">},
    {"aten::amin", &reduce<"ReduceMin">},
    {"aten::mean", &mean},
    {"aten::sum", &sum},
    // Shapes
    {"aten::cat", &cat},
    {"aten::chunk", &split},
    {"aten::constant_pad_nd", &pad},
    {"aten::expand", &expand},
    {"aten::expand_as", &expand_as},
    {"aten::flatten", &flatten},
    {"aten::flip", &flip},
    {"aten::narrow", &narrow},
    {"aten::permute", &permute},
    {"aten::reshape", &reshape},
    {"aten::reshape_as", &reshape},
    {"aten::select", &select},
    {"aten::slice", &slice},
    {"aten::split", &split},
    {"aten::split_with_sizes", &split},
    {"aten::squeeze", &reshape},
    {"aten::stack", &stack},
    {"aten::t", &transpose_matrix},
    {"aten::transpose", &transpose},
    {"aten::unbind", &unbind},
    {"aten::unflatten", &reshape},
    {"aten::unsqueeze", &reshape},
    {"aten::view", &reshape},
    {"aten::view_as", &reshape},
    // Nothing to do but perhaps another type
    {"aten::alias", &same},
    {"aten::clone", &same},
    {"aten::contiguous", &same},
    {"aten::detach", &same},
    {"aten::dropout", &dropout},
    {"aten::feature_dropout", &dropout},
    {"aten::to", &same},
    {"aten::type_as", &same},
};

Emit find(const std::string& name) {
  for (const Entry& entry : kOperators)
    if (name == entry.name) return entry.emit;
  return nullptr;
}

}  // namespace

Emit find_operator(const TracedOperator& op) {
  if (const Emit emit = find(op.name)) return emit;
  if (op.name.ends_with('_'))  // in place: the trace has a new tensor anyway
    if (const Emit emit = find(op.name.substr(0, op.name.size() - 1)))
      return emit;
  fail<DataError>(
      "[export] expected operators that the exporter knows; got '{}' {}. Write "
      "the model's forward without it, or add it to the table in "
      "src/export/operators.cpp (docs/export.md).",
      op.name, place(op));
}

std::vector<std::string> known_operators() {
  std::vector<std::string> names;
  for (const Entry& entry : kOperators) names.emplace_back(entry.name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace fer
