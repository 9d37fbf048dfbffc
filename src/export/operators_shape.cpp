// What moves numbers without changing them.
#include <algorithm>
#include <limits>
#include <numeric>

#include "export/operator_functions.h"

namespace fer::operators {
namespace {

using Integers = std::vector<int64_t>;

// The shape as Reshape takes it: one dimension may be open.
std::string target_shape(OperatorCall& call, Shape shape) {
  const auto open = [](int64_t n) { return n < 0; };
  if (std::count_if(shape.begin(), shape.end(), open) > 1)
    call.refuse("more than one dimension of " + to_text(shape) +
                " follows the batch");
  std::replace_if(shape.begin(), shape.end(), open, -1);
  return call.onnx().integers(shape);
}

std::string reshaped(OperatorCall& call, const std::string& x,
                     const Shape& shape) {
  return call.node("Reshape", {x, target_shape(call, shape)});
}

// Where only dimensions of size 1 move, the numbers stay where they are.
bool moves_nothing(const Shape& shape, const Integers& order) {
  Integers wide;
  for (const int64_t d : order)
    if (shape[static_cast<size_t>(d)] != 1) wide.push_back(d);
  return std::is_sorted(wide.begin(), wide.end());
}

TensorNames permuted(OperatorCall& call, const Integers& order) {
  const std::string x = call.tensor("self");
  if (moves_nothing(call.shape("self"), order))
    return {reshaped(call, x, call.output_shape())};
  return {call.node("Transpose", {x}, {{"perm", order}})};
}

std::string part(OperatorCall& call, int64_t axis, int64_t begin, int64_t end,
                 int64_t step) {
  OnnxBuilder& onnx = call.onnx();
  TensorNames inputs = {call.tensor("self"), onnx.integers({begin}),
                        onnx.integers({end}), onnx.integers({axis})};
  if (step != 1) inputs.push_back(onnx.integers({step}));
  return call.node("Slice", inputs);
}

// Pieces along `axis` with the given lengths.
TensorNames pieces(OperatorCall& call, int64_t axis, const Integers& lengths) {
  return call.onnx().node_with_outputs(
      "Split", lengths.size(),
      {call.tensor("self"), call.onnx().integers(lengths)}, {{"axis", axis}});
}

}  // namespace

TensorNames reshape(OperatorCall& call) {
  return {reshaped(call, call.tensor("self"), call.output_shape())};
}

TensorNames flatten(OperatorCall& call) {
  const bool usual =
      call.axis("start_dim") == 1 && call.output_shape().size() == 2;
  if (!usual) return reshape(call);
  return {call.node("Flatten", {call.tensor("self")}, {{"axis", int64_t{1}}})};
}

TensorNames permute(OperatorCall& call) {
  return permuted(call, call.axes("dims"));
}

TensorNames transpose(OperatorCall& call) {
  Integers order(call.shape("self").size());
  std::iota(order.begin(), order.end(), 0);
  std::swap(order.at(static_cast<size_t>(call.axis("dim0"))),
            order.at(static_cast<size_t>(call.axis("dim1"))));
  return permuted(call, order);
}

TensorNames transpose_matrix(OperatorCall& call) {
  if (call.shape("self").size() < 2) return same(call);
  return {call.onnx().transposed(call.tensor("self"))};
}

// Dimensions that stay as they are count as 1: ONNX widens both ways.
TensorNames expand(OperatorCall& call) {
  const Shape& from = call.shape("self");
  Shape to = call.output_shape();
  const size_t added = to.size() - from.size();
  for (size_t i = 0; i < to.size(); ++i) {
    if (to[i] >= 0) continue;
    if (i < added || from[i - added] != to[i])
      call.refuse("the new size follows the batch; use expand_as");
    to[i] = 1;
  }
  return {call.node("Expand", {call.tensor("self"), call.onnx().integers(to)})};
}

TensorNames expand_as(OperatorCall& call) {
  const std::string shape = call.node("Shape", {call.tensor("other")});
  return {call.node("Expand", {call.tensor("self"), shape})};
}

TensorNames cat(OperatorCall& call) {
  const auto rank = static_cast<int64_t>(call.output_shape().size());
  const int64_t axis = call.integer("dim");
  return {call.node("Concat", call.tensors("tensors"),
                    {{"axis", axis < 0 ? axis + rank : axis}})};
}

TensorNames stack(OperatorCall& call) {
  const auto rank = static_cast<int64_t>(call.output_shape().size());
  const int64_t given = call.integer("dim");
  const int64_t axis = given < 0 ? given + rank : given;
  TensorNames parts;
  for (const std::string& x : call.tensors("tensors"))
    parts.push_back(call.node("Unsqueeze", {x, call.onnx().integers({axis})}));
  return {call.node("Concat", parts, {{"axis", axis}})};
}

// chunk and split: the trace knows how long the pieces are.
TensorNames split(OperatorCall& call) {
  const int64_t axis = call.axis("dim");
  Integers lengths;
  for (size_t i = 0; i < call.outputs(); ++i) {
    lengths.push_back(call.output_shape(i).at(static_cast<size_t>(axis)));
    if (lengths.back() < 0) call.refuse("it cuts the batch");
  }
  return pieces(call, axis, lengths);
}

TensorNames unbind(OperatorCall& call) {
  const int64_t axis = call.axis("dim");
  TensorNames parts = pieces(call, axis, Integers(call.outputs(), 1));
  for (std::string& one : parts)
    one = call.node("Squeeze", {one, call.onnx().integers({axis})});
  return parts;
}

TensorNames select(OperatorCall& call) {
  return {call.node(
      "Gather",
      {call.tensor("self"), call.onnx().integer(call.integer("index"))},
      {{"axis", call.axis("dim")}})};
}

TensorNames narrow(OperatorCall& call) {
  const int64_t axis = call.axis("dim");
  int64_t begin = call.integer("start");
  if (begin < 0) begin += call.shape("self").at(static_cast<size_t>(axis));
  return {part(call, axis, begin, begin + call.integer("length"), 1)};
}

TensorNames slice(OperatorCall& call) {
  const int64_t begin = call.has("start") ? call.integer("start") : 0;
  const int64_t end = call.has("end") ? call.integer("end")
                                      : std::numeric_limits<int64_t>::max();
  return {part(call, call.axis("dim"), begin, end, call.integer("step"))};
}

TensorNames flip(OperatorCall& call) {
  std::string x = call.tensor("self");
  for (const int64_t axis : call.axes("dims")) {
    const int64_t n = call.shape("self").at(static_cast<size_t>(axis));
    if (n < 0) call.refuse("it turns the batch around");
    Integers backwards(static_cast<size_t>(n));
    std::iota(backwards.rbegin(), backwards.rend(), 0);
    x = call.node("Gather", {x, call.onnx().integers(backwards)},
                  {{"axis", axis}});
  }
  return {x};
}

// torch counts from the last dimension, ONNX from the first: all fronts, then
// all backs.
TensorNames pad(OperatorCall& call) {
  const Integers given = call.integers("pad");
  const size_t rank = call.shape("self").size();
  Integers pads(2 * rank, 0);
  for (size_t i = 0; i < given.size() / 2; ++i) {
    pads[rank - 1 - i] = given[2 * i];
    pads[2 * rank - 1 - i] = given[2 * i + 1];
  }
  const double value = call.has("value") ? call.number("value") : 0;
  return {call.node("Pad", {call.tensor("self"), call.onnx().integers(pads),
                            call.onnx().number(value, call.output_type())})};
}

TensorNames same(OperatorCall& call) {
  const char* name = call.has("input") ? "input" : "self";
  return {
      call.onnx().cast(call.tensor(name), call.type(name), call.output_type())};
}

TensorNames dropout(OperatorCall& call) {
  if (call.flag("train")) call.refuse("it drops values at random");
  return same(call);
}

}  // namespace fer::operators
