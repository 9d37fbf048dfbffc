#include "export/onnx_graph.h"

#include <algorithm>

#include "core/error.h"

namespace fer {
namespace {

using onnx::NodeProto;
using onnx::TensorProto;

const onnx::AttributeProto* find(const NodeProto& node,
                                 const std::string& name) {
  for (const auto& a : node.attribute())
    if (a.name() == name) return &a;
  return nullptr;
}

bool reads(const NodeProto& node, const std::string& tensor) {
  return std::ranges::find(node.input(), tensor) != node.input().end();
}

/// Orders nodes by what they read; keeps the given order where it is free.
std::vector<NodeProto> ordered(std::vector<NodeProto> nodes) {
  std::map<std::string, size_t> maker;
  for (size_t i = 0; i < nodes.size(); ++i)
    for (const auto& output : nodes[i].output()) maker[output] = i;
  std::vector<NodeProto> result;
  std::vector<char> done(nodes.size(), 0);
  std::vector<size_t> stack;
  for (size_t root = 0; root < nodes.size(); ++root) {
    stack.push_back(root);
    while (!stack.empty()) {
      const size_t i = stack.back();
      size_t waiting = 0;
      for (const auto& input : nodes[i].input()) {
        const auto found = maker.find(input);
        if (found == maker.end() || done[found->second]) continue;
        stack.push_back(found->second);
        ++waiting;
      }
      if (waiting) continue;
      stack.pop_back();
      if (done[i]) continue;
      done[i] = 1;
      result.push_back(std::move(nodes[i]));
    }
  }
  return result;
}

}  // namespace

OnnxGraph::OnnxGraph(onnx::ModelProto& model, std::string where)
    : graph_(*model.mutable_graph()), where_(std::move(where)) {
  for (const auto& input : graph_.input()) names_.insert(input.name());
  for (const auto& t : graph_.initializer()) names_.insert(t.name());
  for (const auto& node : graph_.node()) {
    names_.insert(node.name());
    names_.insert(node.output().begin(), node.output().end());
  }
  for (int i = 0; i < graph_.initializer_size(); ++i)
    constants_[graph_.initializer(i).name()] = i;
  hoist_constants();
}

void OnnxGraph::hoist_constants() {
  for (auto& node : *graph_.mutable_node()) {
    const auto* value =
        node.op_type() == "Constant" ? find(node, "value") : nullptr;
    if (!value) continue;
    TensorProto t = value->t();
    t.set_name(node.output(0));
    constants_[t.name()] = graph_.initializer_size();
    *graph_.add_initializer() = std::move(t);
    remove(&node);
  }
}

NodeProto* OnnxGraph::producer(const std::string& tensor) {
  for (auto& node : *graph_.mutable_node()) {
    if (removed_.count(&node)) continue;
    if (std::ranges::find(node.output(), tensor) != node.output().end())
      return &node;
  }
  return nullptr;
}

std::vector<NodeProto*> OnnxGraph::consumers(const std::string& tensor) {
  std::vector<NodeProto*> nodes;
  for (auto& node : *graph_.mutable_node())
    if (!removed_.count(&node) && reads(node, tensor)) nodes.push_back(&node);
  return nodes;
}

bool OnnxGraph::is_output(const std::string& tensor) const {
  return std::ranges::any_of(graph_.output(), [&](const auto& output) {
    return output.name() == tensor;
  });
}

bool OnnxGraph::is_constant(const std::string& tensor) const {
  return constants_.count(tensor) != 0;
}

const TensorProto& OnnxGraph::tensor(const std::string& name) const {
  return graph_.initializer(constants_.at(name));
}

Constant OnnxGraph::constant(const std::string& name) const {
  return constant_of(tensor(name), where_);
}

void OnnxGraph::set_constant(NodeProto& node, int index,
                             const Constant& value) {
  const std::string name = node.input(index);
  const auto uses = std::ranges::count(node.input(), name);
  if (is_constant(name) && uses == 1 && consumers(name).size() == 1) {
    TensorProto t = float_tensor(value);
    t.set_name(name);
    *graph_.mutable_initializer(constants_.at(name)) = std::move(t);
  } else {
    node.set_input(index, add_constant(name + "_folded", value));
  }
}

std::string OnnxGraph::add_constant(const std::string& stem,
                                    const Constant& value) {
  return add_tensor(stem, float_tensor(value));
}

std::string OnnxGraph::add_tensor(const std::string& stem, TensorProto t) {
  t.set_name(unique(stem));
  constants_[t.name()] = graph_.initializer_size();
  *graph_.add_initializer() = std::move(t);
  return graph_.initializer(graph_.initializer_size() - 1).name();
}

NodeProto& OnnxGraph::add_node(const std::string& op, const std::string& stem,
                               const std::vector<std::string>& inputs) {
  NodeProto& node = *graph_.add_node();
  node.set_op_type(op);
  node.set_name(unique(stem));
  for (const auto& input : inputs) node.add_input(input);
  node.add_output(node.name());
  return node;
}

void OnnxGraph::redirect(const std::string& from, const std::string& to,
                         const std::set<const NodeProto*>& except) {
  for (auto& node : *graph_.mutable_node()) {
    if (removed_.count(&node) || except.count(&node)) continue;
    for (auto& input : *node.mutable_input())
      if (input == from) input = to;
  }
}

void OnnxGraph::finish() {
  std::set<std::string> needed;
  for (const auto& output : graph_.output()) needed.insert(output.name());
  for (const auto& node : graph_.node())
    if (!removed_.count(&node))
      needed.insert(node.input().begin(), node.input().end());

  std::vector<NodeProto> nodes;
  for (auto& node : *graph_.mutable_node()) {
    const bool wanted = std::ranges::any_of(
        node.output(), [&](const auto& o) { return needed.count(o) != 0; });
    if (wanted && !removed_.count(&node)) nodes.push_back(std::move(node));
  }
  graph_.clear_node();
  for (auto& node : ordered(std::move(nodes)))
    *graph_.add_node() = std::move(node);

  std::vector<TensorProto> kept;
  for (auto& t : *graph_.mutable_initializer())
    if (needed.count(t.name())) kept.push_back(std::move(t));
  graph_.clear_initializer();
  constants_.clear();
  for (auto& t : kept) {
    constants_[t.name()] = graph_.initializer_size();
    *graph_.add_initializer() = std::move(t);
  }
  graph_.clear_value_info();
  removed_.clear();
}

std::string OnnxGraph::unique(const std::string& stem) {
  std::string name = stem;
  for (int i = 2; !names_.insert(name).second; ++i)
    name = fmt::format("{}_{}", stem, i);
  return name;
}

int64_t attribute(const NodeProto& node, const std::string& name,
                  int64_t otherwise) {
  const auto* a = find(node, name);
  return a ? a->i() : otherwise;
}

double attribute(const NodeProto& node, const std::string& name,
                 double otherwise) {
  const auto* a = find(node, name);
  return a ? a->f() : otherwise;
}

std::vector<int64_t> attribute(const NodeProto& node, const std::string& name,
                               std::vector<int64_t> otherwise) {
  const auto* a = find(node, name);
  if (!a) return otherwise;
  return {a->ints().begin(), a->ints().end()};
}

void set_attribute(NodeProto& node, const std::string& name, int64_t value) {
  auto* a = node.add_attribute();
  a->set_name(name);
  a->set_type(onnx::AttributeProto::INT);
  a->set_i(value);
}

}  // namespace fer
