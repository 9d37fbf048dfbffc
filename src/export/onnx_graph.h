// A graph that is being rewritten: who makes a tensor, who reads it, and the
// constants of the file. What the passes over a finished file stand on.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "export/onnx_constant.h"

namespace fer {

class OnnxGraph {
 public:
  /// Works in place. `where` stands in errors: "fold". Constant nodes become
  /// initialisers first.
  OnnxGraph(onnx::ModelProto& model, std::string where);

  onnx::GraphProto& proto() { return graph_; }
  const std::string& where() const { return where_; }

  /// The node that makes a tensor; nullptr for inputs and constants.
  onnx::NodeProto* producer(const std::string& tensor);
  /// The nodes that read it, each once.
  std::vector<onnx::NodeProto*> consumers(const std::string& tensor);
  bool is_output(const std::string& tensor) const;

  bool is_constant(const std::string& tensor) const;
  const onnx::TensorProto& tensor(const std::string& name) const;
  /// float32, float16 or double values. DataError for other types and where
  /// sizes disagree.
  Constant constant(const std::string& name) const;
  /// Gives `node` this float32 constant as its input `index`: under the old
  /// name where no other node reads that, else under a new one.
  void set_constant(onnx::NodeProto& node, int index, const Constant& value);
  /// Adds a float32 constant; the name is `stem`, or `stem_2` where taken.
  std::string add_constant(const std::string& stem, const Constant& value);
  std::string add_tensor(const std::string& stem, onnx::TensorProto tensor);

  /// Adds a node with one output; node and output are called `stem` (made
  /// unique). It need not stand in its place before finish().
  onnx::NodeProto& add_node(const std::string& op, const std::string& stem,
                            const std::vector<std::string>& inputs);
  /// Lets the readers of `from` read `to`, but for `except`.
  void redirect(const std::string& from, const std::string& to,
                const std::set<const onnx::NodeProto*>& except = {});
  /// Takes the node out at finish(); it is invisible from now on.
  void remove(onnx::NodeProto* node) { removed_.insert(node); }

  /// Removes nodes and constants that nobody needs, orders the nodes so that
  /// each stands behind those that it reads, drops the stored shapes.
  void finish();

 private:
  std::string unique(const std::string& stem);
  void hoist_constants();

  onnx::GraphProto& graph_;
  std::string where_;
  std::set<std::string> names_;  ///< of tensors and nodes
  std::map<std::string, int> constants_;
  std::set<const onnx::NodeProto*> removed_;
};

/// Attributes, or the default where there is none.
int64_t attribute(const onnx::NodeProto& node, const std::string& name,
                  int64_t otherwise);
double attribute(const onnx::NodeProto& node, const std::string& name,
                 double otherwise);
std::vector<int64_t> attribute(const onnx::NodeProto& node,
                               const std::string& name,
                               std::vector<int64_t> otherwise);
void set_attribute(onnx::NodeProto& node, const std::string& name,
                   int64_t value);

}  // namespace fer
