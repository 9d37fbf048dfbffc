#include "export/traced_graph.h"

#include <fmt/ranges.h>

#include "core/error.h"

namespace fer {
namespace {

struct TypeFacts {
  const char* word;
  size_t bytes;
};

const TypeFacts& facts(ElementType type) {
  static constexpr TypeFacts kFacts[] = {{"float32", 4}, {"float64", 8},
                                         {"uint8", 1},   {"int32", 4},
                                         {"int64", 8},   {"bool", 1}};
  return kFacts[static_cast<size_t>(type)];
}

std::string text_of(const Argument& argument) {
  if (const auto* list = std::get_if<std::vector<int64_t>>(&argument))
    return fmt::format("[{}]", fmt::join(*list, ", "));
  if (const auto* number = std::get_if<int64_t>(&argument))
    return std::to_string(*number);
  return "another value";
}

[[noreturn]] void refuse(const TracedOperator& op, const std::string& what) {
  fail<DataError>(
      "[export] expected a network that works for any batch size; got one "
      "baked into '{}' {}: {}. In the model's forward write reshape({{-1, "
      "...}}), flatten(1) or expand_as instead of sizes that hold x.size(0).",
      op.name, place(op), what);
}

void require_same_arguments(const TracedOperator& a, const TracedOperator& b) {
  for (size_t i = 0; i < a.arguments.size(); ++i) {
    const auto& [name, value] = a.arguments[i];
    const Argument& other = b.arguments[i].second;
    if (value == other) continue;
    refuse(a, fmt::format("{} = {} for one batch size, {} for another", name,
                          text_of(value), text_of(other)));
  }
}

bool same_steps(const TracedGraph& a, const TracedGraph& b) {
  if (a.tensors.size() != b.tensors.size() ||
      a.operators.size() != b.operators.size())
    return false;
  for (size_t i = 0; i < a.operators.size(); ++i) {
    if (a.operators[i].name != b.operators[i].name ||
        a.operators[i].arguments.size() != b.operators[i].arguments.size())
      return false;
  }
  return true;
}

// A constant must be the same whatever the batch.
void require_same_constants(const TracedOperator& op, const TracedGraph& a,
                            const TracedGraph& b) {
  const auto check = [&](TensorId id) {
    const auto& constant = a.tensors[id.index].constant;
    if (!constant) return;
    const auto& other = b.tensors[id.index].constant;
    if (!other || constant->shape != other->shape)
      refuse(op, "a constant whose shape follows the batch");
  };
  for (const auto& [name, value] : op.arguments) {
    if (const auto* id = std::get_if<TensorId>(&value)) check(*id);
    if (const auto* ids = std::get_if<std::vector<TensorId>>(&value))
      for (const TensorId id : *ids) check(id);
  }
}

}  // namespace

const char* word(ElementType type) { return facts(type).word; }

size_t bytes_per_element(ElementType type) { return facts(type).bytes; }

std::string to_text(const Shape& shape) {
  std::string text;
  for (const int64_t n : shape) {
    if (!text.empty()) text += ", ";
    text += n == kBatch ? "N" : n == kDerived ? "?" : std::to_string(n);
  }
  return "[" + text + "]";
}

std::string place(const TracedOperator& op) {
  if (op.module.empty()) return "before the first layer";
  return fmt::format("{} '{}'", op.in_module ? "in" : "behind", op.module);
}

TracedGraph merge_batches(TracedGraph smaller, const TracedGraph& larger) {
  if (!same_steps(smaller, larger)) {
    fail<DataError>(
        "[export] expected the same {} operators for every batch size; got "
        "others for a larger batch. The model's forward must not branch on the "
        "number of images.",
        smaller.operators.size());
  }
  for (size_t i = 0; i < smaller.operators.size(); ++i) {
    require_same_arguments(smaller.operators[i], larger.operators[i]);
    require_same_constants(smaller.operators[i], smaller, larger);
  }
  const int64_t batch = smaller.tensors[smaller.input.index].shape.at(0);
  const int64_t more = larger.tensors[larger.input.index].shape.at(0);
  for (size_t i = 0; i < smaller.tensors.size(); ++i) {
    Shape& shape = smaller.tensors[i].shape;
    const Shape& other = larger.tensors[i].shape;
    for (size_t d = 0; d < shape.size(); ++d)
      if (shape[d] != other[d])
        shape[d] = shape[d] == batch && other[d] == more ? kBatch : kDerived;
  }
  return smaller;
}

}  // namespace fer
