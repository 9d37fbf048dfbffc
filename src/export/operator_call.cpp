#include "export/operator_call.h"

#include <algorithm>

#include "core/error.h"

namespace fer {
namespace {

int64_t from_front(int64_t axis, size_t rank) {
  return axis < 0 ? axis + static_cast<int64_t>(rank) : axis;
}

}  // namespace

bool OperatorCall::has(const char* argument) const {
  for (const auto& [name, value] : op_.arguments)
    if (name == argument) return value.index() != 0;
  return false;
}

std::string OperatorCall::tensor(const char* argument) {
  if (const auto* id = std::get_if<TensorId>(&at(argument)))
    return name_of(*id);
  refuse(std::string("'") + argument + "' is not a tensor");
}

TensorNames OperatorCall::tensors(const char* argument) {
  const auto* ids = std::get_if<std::vector<TensorId>>(&at(argument));
  if (!ids) refuse(std::string("'") + argument + "' is no list of tensors");
  TensorNames names;
  for (const TensorId id : *ids) names.push_back(name_of(id));
  return names;
}

std::string OperatorCall::operand(const char* argument) {
  const ElementType wanted = output_type();
  if (std::holds_alternative<TensorId>(at(argument)))
    return onnx_.cast(tensor(argument), type(argument), wanted);
  return onnx_.number(number(argument), wanted);
}

std::string OperatorCall::made_by(const char* argument) const {
  const auto* id = std::get_if<TensorId>(&at(argument));
  for (const TracedOperator& op : graph_.operators)
    if (id && std::ranges::count(op.outputs, *id) > 0) return op.name;
  return "";
}

const Shape& OperatorCall::shape(const char* argument) const {
  return traced(argument).shape;
}

ElementType OperatorCall::type(const char* argument) const {
  return traced(argument).type;
}

bool OperatorCall::flag(const char* argument) const {
  if (const auto* value = std::get_if<bool>(&at(argument))) return *value;
  refuse(std::string("'") + argument + "' is not true or false");
}

int64_t OperatorCall::integer(const char* argument) const {
  if (const auto* value = std::get_if<int64_t>(&at(argument))) return *value;
  refuse(std::string("'") + argument + "' is not an integer known beforehand");
}

double OperatorCall::number(const char* argument) const {
  const Argument& value = at(argument);
  if (const auto* x = std::get_if<double>(&value)) return *x;
  if (const auto* n = std::get_if<int64_t>(&value))
    return static_cast<double>(*n);
  if (const auto* yes = std::get_if<bool>(&value)) return *yes ? 1 : 0;
  refuse(std::string("'") + argument + "' is not a number known beforehand");
}

std::string OperatorCall::text(const char* argument) const {
  if (const auto* value = std::get_if<std::string>(&at(argument)))
    return *value;
  refuse(std::string("'") + argument + "' is not a text");
}

std::vector<int64_t> OperatorCall::integers(const char* argument) const {
  const Argument& value = at(argument);
  if (const auto* list = std::get_if<std::vector<int64_t>>(&value))
    return *list;
  return {integer(argument)};
}

std::vector<int64_t> OperatorCall::integers(const char* argument,
                                            size_t n) const {
  std::vector<int64_t> list = integers(argument);
  if (list.size() == 1) list.resize(n, list[0]);
  if (list.size() != n)
    refuse(fmt::format("'{}' has {} numbers instead of {}", argument,
                       list.size(), n));
  return list;
}

int64_t OperatorCall::axis(const char* argument, const char* of) const {
  return from_front(integer(argument), shape(of).size());
}

std::vector<int64_t> OperatorCall::axes(const char* argument,
                                        const char* of) const {
  std::vector<int64_t> list = integers(argument);
  for (int64_t& axis : list) axis = from_front(axis, shape(of).size());
  return list;
}

const Shape& OperatorCall::output_shape(size_t i) const {
  return graph_.tensors[op_.outputs.at(i).index].shape;
}

ElementType OperatorCall::output_type() const {
  return graph_.tensors[op_.outputs.at(0).index].type;
}

void OperatorCall::refuse(const std::string& what) const {
  fail<DataError>(
      "[export] expected '{}' {} as ONNX can say it; got a use of it where {}. "
      "Change the model's forward, or extend the operator in src/export/.",
      op_.name, place(op_), what);
}

const Argument& OperatorCall::at(const char* argument) const {
  for (const auto& [name, value] : op_.arguments)
    if (name == argument) return value;
  refuse(std::string("there is no argument '") + argument + "'");
}

const TracedTensor& OperatorCall::traced(const char* argument) const {
  if (const auto* id = std::get_if<TensorId>(&at(argument)))
    return graph_.tensors[id->index];
  refuse(std::string("'") + argument + "' is not a tensor");
}

std::string OperatorCall::name_of(TensorId id) {
  std::string& name = names_[id.index];
  if (!name.empty()) return name;
  const auto& constant = graph_.tensors[id.index].constant;
  if (!constant) refuse("it reads an output that ONNX does not have");
  return name = onnx_.constant(*constant);
}

}  // namespace fer
