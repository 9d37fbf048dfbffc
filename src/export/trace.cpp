#include "export/trace.h"

#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <unordered_map>

#include "core/error.h"

namespace fer {
namespace {
namespace jit = torch::jit;

using NameMap = std::unordered_map<const c10::TensorImpl*, std::string>;

ElementType element_type(torch::ScalarType type, const std::string& of) {
  switch (type) {
    case torch::kFloat:
      return ElementType::kFloat32;
    case torch::kDouble:
      return ElementType::kFloat64;
    case torch::kByte:
      return ElementType::kUint8;
    case torch::kInt:
      return ElementType::kInt32;
    case torch::kLong:
      return ElementType::kInt64;
    case torch::kBool:
      return ElementType::kBool;
    default:
      fail<DataError>(
          "[export] expected float32, float64, uint8, int32, int64 or bool; "
          "got {} ({}). Use one of them in the model's forward.",
          c10::toString(type), of);
  }
}

TracedConstant constant_of(const torch::Tensor& tensor, const NameMap& names) {
  const auto owner = std::make_shared<torch::Tensor>(
      tensor.detach().to(torch::kCPU).contiguous());
  TracedConstant constant;
  const auto found = names.find(tensor.unsafeGetTensorImpl());
  if (found != names.end()) constant.name = found->second;
  constant.shape = tensor.sizes().vec();
  constant.type = element_type(tensor.scalar_type(), constant.name);
  constant.bytes = {static_cast<const std::byte*>(owner->const_data_ptr()),
                    owner->nbytes()};
  constant.owner = owner;
  return constant;
}

// "layer1.0.conv1.weight" -> "layer1.0.conv1".
std::string module_of(const std::string& parameter) {
  const size_t dot = parameter.rfind('.');
  return dot == std::string::npos ? parameter : parameter.substr(0, dot);
}

// From torch's graph to ours, node by node.
class Reader {
 public:
  Reader(const jit::Graph& graph, const NameMap& names)
      : graph_(graph), names_(names) {}

  TracedGraph read() {
    for (const jit::Value* input : graph_.inputs())
      result_.input = add_tensor(*input);
    for (const jit::Node* node : graph_.nodes()) add_node(*node);
    result_.output = tensor_of(*graph_.outputs().at(0));
    return std::move(result_);
  }

 private:
  void add_node(const jit::Node& node) {
    const std::string kind = node.kind().toQualString();
    if (kind == "prim::Constant") return;       // read where it is used
    if (kind == "prim::ListConstruct") return;  // the same
    if (kind == "prim::ListUnpack" || kind == "prim::TupleUnpack")
      return add_unpacked(node);
    TracedOperator op;
    op.name = kind;
    const c10::FunctionSchema* schema = node.maybeSchema();
    for (size_t i = 0; i < node.inputs().size(); ++i) {
      const bool named = schema && i < schema->arguments().size();
      op.arguments.emplace_back(
          named ? schema->arguments()[i].name() : fmt::format("#{}", i),
          argument_of(*node.inputs()[i], op));
    }
    name_module(op);
    producers_[&node] = result_.operators.size();
    for (const jit::Value* output : node.outputs())
      if (output->type()->cast<c10::TensorType>())
        op.outputs.push_back(add_tensor(*output));
    result_.operators.push_back(std::move(op));
  }

  // A list that an operator gives out: its tensors become the outputs.
  void add_unpacked(const jit::Node& node) {
    const auto producer = producers_.find(node.input(0)->node());
    if (producer == producers_.end()) {
      fail<DataError>(
          "[export] expected a list that an operator made; got '{}'. Return "
          "one tensor from the model's forward.",
          node.input(0)->node()->kind().toQualString());
    }
    TracedOperator& op = result_.operators[producer->second];
    for (const jit::Value* output : node.outputs())
      op.outputs.push_back(add_tensor(*output));
  }

  TensorId add_tensor(const jit::Value& value) {
    const auto type = value.type()->cast<c10::TensorType>();
    const auto sizes = type ? type->sizes().concrete_sizes() : std::nullopt;
    if (!sizes || !type->scalarType()) {
      fail<DataError>(
          "[export] expected a tensor of known shape; got %{} from '{}'. The "
          "model's forward takes one tensor and returns one.",
          value.debugName(), value.node()->kind().toQualString());
    }
    const ElementType element =
        element_type(*type->scalarType(), value.debugName());
    return add_tensor(value, TracedTensor{*sizes, element, std::nullopt});
  }

  TensorId add_tensor(const jit::Value& value, TracedTensor tensor) {
    const TensorId id{result_.tensors.size()};
    result_.tensors.push_back(std::move(tensor));
    ids_[&value] = id;
    return id;
  }

  TensorId tensor_of(const jit::Value& value) {
    const auto known = ids_.find(&value);
    if (known != ids_.end()) return known->second;
    const std::optional<c10::IValue> constant = jit::toIValue(&value);
    if (!constant || !constant->isTensor()) return add_tensor(value);
    TracedConstant numbers = constant_of(constant->toTensor(), names_);
    TracedTensor tensor{numbers.shape, numbers.type, std::move(numbers)};
    return add_tensor(value, std::move(tensor));
  }

  Argument argument_of(const jit::Value& value, const TracedOperator& op) {
    if (ids_.count(&value)) return ids_.at(&value);
    if (const auto constant = jit::toIValue(&value))
      return literal(*constant, value, op);
    if (value.node()->kind() == c10::prim::ListConstruct)
      return list_of(*value.node(), op);
    return tensor_of(value);
  }

  Argument literal(const c10::IValue& constant, const jit::Value& value,
                   const TracedOperator& op) {
    if (constant.isNone()) return std::monostate{};
    if (constant.isTensor()) {
      if (!constant.toTensor().defined()) return std::monostate{};
      return tensor_of(value);
    }
    if (constant.isBool()) return constant.toBool();
    if (constant.isInt()) return constant.toInt();
    if (constant.isDouble()) return constant.toDouble();
    if (constant.isString()) return constant.toStringRef();
    if (constant.isIntList()) return constant.toIntVector();
    if (constant.isDoubleList()) return constant.toDoubleVector();
    if (constant.isDevice()) return std::string("device");
    fail<DataError>(
        "[export] expected numbers, texts or tensors as arguments; got {} in "
        "'{}'. Write the model's forward without it.",
        constant.tagKind(), op.name);
  }

  // Numbers or tensors; a mixture ([-1, size of a tensor]) is nothing we know.
  Argument list_of(const jit::Node& list, const TracedOperator& op) {
    std::vector<TensorId> tensors;
    std::vector<int64_t> integers;
    std::vector<double> numbers;
    for (const jit::Value* item : list.inputs()) {
      const Argument argument = argument_of(*item, op);
      if (const auto* id = std::get_if<TensorId>(&argument))
        tensors.push_back(*id);
      if (const auto* n = std::get_if<int64_t>(&argument))
        integers.push_back(*n);
      if (const auto* x = std::get_if<double>(&argument)) numbers.push_back(*x);
    }
    const size_t n = list.inputs().size();
    if (n > 0 && tensors.size() == n) return tensors;
    if (n > 0 && numbers.size() == n) return numbers;
    if (integers.size() == n) return integers;
    fail<DataError>(
        "[export] expected a list of numbers or of tensors; got a mixture in "
        "'{}' {}. Compute sizes without tensors in the model's forward.",
        op.name, place(op));
  }

  void name_module(TracedOperator& op) {
    for (const auto& [name, value] : op.arguments) {
      const auto* id = std::get_if<TensorId>(&value);
      if (!id) continue;
      const auto& constant = result_.tensors[id->index].constant;
      if (!constant || constant->name.empty()) continue;
      module_ = module_of(constant->name);
      op.in_module = true;
    }
    op.module = module_;
  }

  const jit::Graph& graph_;
  const NameMap& names_;
  TracedGraph result_;
  std::string module_;
  std::unordered_map<const jit::Value*, TensorId> ids_;
  std::unordered_map<const jit::Node*, size_t> producers_;
};

TracedGraph trace_once(const TensorFunction& function, const NameMap& names,
                       const torch::Tensor& example) {
  const auto stack_function = [&](jit::Stack inputs) -> jit::Stack {
    return {function(inputs.at(0).toTensor())};
  };
  const auto no_name = [](const torch::Tensor&) { return std::string(); };
  const auto state =
      jit::tracer::trace({example}, stack_function, no_name).first;
  jit::Inline(*state->graph);
  jit::EliminateDeadCode(state->graph);
  return Reader(*state->graph, names).read();
}

}  // namespace

TracedGraph trace(const TensorFunction& function, const NamedTensors& names,
                  const torch::Tensor& example) {
  const torch::NoGradGuard guard;
  NameMap by_identity;
  for (const auto& [name, tensor] : names)
    by_identity.emplace(tensor.unsafeGetTensorImpl(), name);
  TracedGraph smaller =
      trace_once(function, by_identity, example.narrow(0, 0, 2).clone());
  return merge_batches(std::move(smaller),
                       trace_once(function, by_identity, example));
}

}  // namespace fer
