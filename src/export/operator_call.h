// One operator on its way into the ONNX graph: its arguments by name, and the
// builder that takes its nodes.
#pragma once

#include <string>
#include <vector>

#include "export/onnx_builder.h"
#include "export/traced_graph.h"

namespace fer {

using TensorNames = std::vector<std::string>;

class OperatorCall {
 public:
  /// `names`: of the tensors in the ONNX graph, by TensorId; empty where a
  /// constant has not been needed yet.
  OperatorCall(const TracedGraph& graph, const TracedOperator& op,
               OnnxBuilder& onnx, TensorNames& names)
      : graph_(graph), op_(op), onnx_(onnx), names_(names) {}

  OnnxBuilder& onnx() { return onnx_; }
  /// Adds nodes: see OnnxBuilder.
  std::string node(const std::string& type, const TensorNames& inputs,
                   const OnnxAttributes& attributes = {}) {
    return onnx_.node(type, inputs, attributes);
  }

  /// Whether the argument exists and is not None.
  bool has(const char* argument) const;

  std::string tensor(const char* argument);
  TensorNames tensors(const char* argument);
  /// A tensor or a number, with elements of the output's type.
  std::string operand(const char* argument);
  /// The operator that made the tensor, "aten::relu"; empty for constants.
  std::string made_by(const char* argument) const;
  const Shape& shape(const char* argument) const;
  ElementType type(const char* argument) const;

  bool flag(const char* argument) const;
  int64_t integer(const char* argument) const;
  double number(const char* argument) const;
  std::string text(const char* argument) const;
  /// A list; a single integer is a list of one.
  std::vector<int64_t> integers(const char* argument) const;
  /// The same for each of `n` dimensions: [2] becomes [2, 2].
  std::vector<int64_t> integers(const char* argument, size_t n) const;
  /// A dimension of `of`, counted from the front; and several of them.
  int64_t axis(const char* argument, const char* of = "self") const;
  std::vector<int64_t> axes(const char* argument,
                            const char* of = "self") const;

  size_t outputs() const { return op_.outputs.size(); }
  const Shape& output_shape(size_t i = 0) const;
  ElementType output_type() const;

  /// DataError: "[export] 'aten::x' in 'conv1': `what`. Way out."
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  const Argument& at(const char* argument) const;
  const TracedTensor& traced(const char* argument) const;
  std::string name_of(TensorId id);

  const TracedGraph& graph_;
  const TracedOperator& op_;
  OnnxBuilder& onnx_;
  TensorNames& names_;
};

}  // namespace fer
