// Puts an ONNX graph together, node by node: unique names, each constant once.
// Opset 17, IR version 8.
#pragma once

#include <onnx/onnx_pb.h>

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "export/traced_graph.h"

namespace fer {

using OnnxAttribute =
    std::variant<int64_t, double, std::string, std::vector<int64_t>>;
using OnnxAttributes = std::vector<std::pair<std::string, OnnxAttribute>>;

/// The type that ONNX has for it.
int32_t onnx_type(ElementType type);

class OnnxBuilder {
 public:
  static constexpr int kOpset = 17;
  static constexpr int kIrVersion = 8;

  explicit OnnxBuilder(const std::string& graph_name);

  /// Nodes added from now on are called "<module>/<type>"; with "_2", "_3", ...
  /// where that is taken.
  void enter(const std::string& module) { module_ = module; }

  void add_input(const std::string& name, ElementType type, const Shape& shape);
  /// The tensor gets this name.
  void add_output(const std::string& tensor, const std::string& name,
                  ElementType type, const Shape& shape);
  /// Writes down what is known of a tensor between nodes.
  void describe(const std::string& tensor, ElementType type,
                const Shape& shape);

  /// Adds a node with one output and returns the output's name.
  std::string node(const std::string& type,
                   const std::vector<std::string>& inputs,
                   const OnnxAttributes& attributes = {});
  /// The same with `count` outputs.
  std::vector<std::string> node_with_outputs(
      const std::string& type, size_t count,
      const std::vector<std::string>& inputs,
      const OnnxAttributes& attributes = {});

  /// Under its own name if it has one.
  std::string constant(const TracedConstant& constant);
  std::string integers(const std::vector<int64_t>& values);  ///< int64 `[n]`
  std::string integer(int64_t value);                        ///< a scalar
  std::string number(double value, ElementType type);        ///< a scalar
  std::string filled(size_t count, float value);             ///< float `[n]`

  /// The matrix turned over: as a constant of its own if it is one.
  std::string transposed(const std::string& matrix);
  /// The tensor with elements of that type; the name itself if it has it.
  std::string cast(const std::string& tensor, ElementType from, ElementType to);

  /// Takes out nodes and constants that no output needs. The builder is empty
  /// afterwards.
  onnx::ModelProto build();

 private:
  std::string unique(const std::string& stem);
  std::string add_constant(const std::string& stem, ElementType type,
                           const Shape& shape,
                           std::span<const std::byte> bytes);
  std::string add_shared(const std::string& stem, ElementType type,
                         const Shape& shape, std::span<const std::byte> bytes);

  onnx::ModelProto model_;
  std::string module_;
  std::set<std::string> names_;  ///< of nodes and tensors
  std::map<std::string, const onnx::TensorProto*> constants_;
  std::map<std::string, std::string> shared_;  ///< equal small constants
};

}  // namespace fer
