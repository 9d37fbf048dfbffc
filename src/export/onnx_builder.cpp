#include "export/onnx_builder.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

namespace fer {
namespace {

void set_shape(onnx::ValueInfoProto& info, ElementType type,
               const Shape& shape) {
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx_type(type));
  auto& dims = *tensor.mutable_shape();
  for (const int64_t n : shape) {
    auto& dim = *dims.add_dim();
    if (n >= 0) dim.set_dim_value(n);
    if (n == kBatch) dim.set_dim_param("N");
  }
}

void add_attribute(onnx::NodeProto& node, const std::string& name,
                   const OnnxAttribute& value) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  if (const auto* n = std::get_if<int64_t>(&value)) {
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(*n);
  } else if (const auto* x = std::get_if<double>(&value)) {
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(static_cast<float>(*x));
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    attribute.set_type(onnx::AttributeProto::STRING);
    attribute.set_s(*text);
  } else {
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const int64_t each : std::get<std::vector<int64_t>>(value))
      attribute.add_ints(each);
  }
}

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

// One number as the bytes of an element.
std::vector<std::byte> element(double value, ElementType type) {
  std::vector<std::byte> bytes(bytes_per_element(type));
  const auto store = [&](auto number) {
    std::memcpy(bytes.data(), &number, sizeof number);
  };
  switch (type) {
    case ElementType::kFloat32:
      store(static_cast<float>(value));
      break;
    case ElementType::kFloat64:
      store(value);
      break;
    case ElementType::kUint8:
    case ElementType::kBool:
      store(static_cast<uint8_t>(value));
      break;
    case ElementType::kInt32:
      store(static_cast<int32_t>(value));
      break;
    case ElementType::kInt64:
      store(static_cast<int64_t>(value));
      break;
  }
  return bytes;
}

template <class T, class Unwanted>
void remove_if(google::protobuf::RepeatedPtrField<T>& items,
               const Unwanted& unwanted) {
  for (int i = items.size() - 1; i >= 0; --i)
    if (unwanted(items.Get(i))) items.DeleteSubrange(i, 1);
}

// Keeps the nodes and constants that the outputs need.
void remove_unused(onnx::GraphProto& graph) {
  std::set<std::string> needed;
  for (const auto& output : graph.output()) needed.insert(output.name());
  // Backwards: the readers of a node stand behind it.
  remove_if(*graph.mutable_node(), [&](const onnx::NodeProto& node) {
    const bool read =
        std::any_of(node.output().begin(), node.output().end(),
                    [&](const auto& name) { return needed.count(name) > 0; });
    if (read) needed.insert(node.input().begin(), node.input().end());
    return !read;
  });
  const auto unread = [&](const auto& item) {
    return needed.count(item.name()) == 0;
  };
  remove_if(*graph.mutable_initializer(), unread);
  remove_if(*graph.mutable_value_info(), unread);
}

}  // namespace

int32_t onnx_type(ElementType type) {
  static constexpr int32_t kTypes[] = {
      onnx::TensorProto::FLOAT, onnx::TensorProto::DOUBLE,
      onnx::TensorProto::UINT8, onnx::TensorProto::INT32,
      onnx::TensorProto::INT64, onnx::TensorProto::BOOL};
  return kTypes[static_cast<size_t>(type)];
}

OnnxBuilder::OnnxBuilder(const std::string& graph_name) {
  model_.set_ir_version(kIrVersion);
  auto& opset = *model_.add_opset_import();
  opset.set_domain("");
  opset.set_version(kOpset);
  model_.mutable_graph()->set_name(graph_name);
}

void OnnxBuilder::add_input(const std::string& name, ElementType type,
                            const Shape& shape) {
  auto& input = *model_.mutable_graph()->add_input();
  input.set_name(unique(name));
  set_shape(input, type, shape);
}

void OnnxBuilder::add_output(const std::string& tensor, const std::string& name,
                             ElementType type, const Shape& shape) {
  onnx::GraphProto& graph = *model_.mutable_graph();
  const auto rename = [&](auto& names) {
    for (std::string& one : names)
      if (one == tensor) one = name;
  };
  for (onnx::NodeProto& node : *graph.mutable_node()) {
    rename(*node.mutable_input());
    rename(*node.mutable_output());
  }
  remove_if(*graph.mutable_value_info(),
            [&](const auto& info) { return info.name() == tensor; });
  auto& output = *graph.add_output();
  output.set_name(name);
  set_shape(output, type, shape);
}

void OnnxBuilder::describe(const std::string& tensor, ElementType type,
                           const Shape& shape) {
  auto& info = *model_.mutable_graph()->add_value_info();
  info.set_name(tensor);
  set_shape(info, type, shape);
}

std::string OnnxBuilder::node(const std::string& type,
                              const std::vector<std::string>& inputs,
                              const OnnxAttributes& attributes) {
  return node_with_outputs(type, 1, inputs, attributes)[0];
}

std::vector<std::string> OnnxBuilder::node_with_outputs(
    const std::string& type, size_t count,
    const std::vector<std::string>& inputs, const OnnxAttributes& attributes) {
  const std::string name =
      unique(module_.empty() ? type : module_ + "/" + type);
  onnx::NodeProto& node = *model_.mutable_graph()->add_node();
  node.set_name(name);
  node.set_op_type(type);
  for (const std::string& input : inputs) node.add_input(input);
  for (const auto& [key, value] : attributes) add_attribute(node, key, value);
  std::vector<std::string> outputs{name};
  for (size_t i = 1; i < count; ++i) outputs.push_back(unique(name));
  for (const std::string& output : outputs) node.add_output(output);
  return outputs;
}

std::string OnnxBuilder::constant(const TracedConstant& constant) {
  const std::string stem = module_.empty() ? "constant" : module_ + "/constant";
  return add_constant(constant.name.empty() ? stem : constant.name,
                      constant.type, constant.shape, constant.bytes);
}

std::string OnnxBuilder::integers(const std::vector<int64_t>& values) {
  return add_shared(fmt::format("integers/{}", fmt::join(values, "_")),
                    ElementType::kInt64, {static_cast<int64_t>(values.size())},
                    bytes_of(values));
}

std::string OnnxBuilder::integer(int64_t value) {
  return add_shared(fmt::format("integer/{}", value), ElementType::kInt64, {},
                    element(static_cast<double>(value), ElementType::kInt64));
}

std::string OnnxBuilder::number(double value, ElementType type) {
  return add_shared(fmt::format("{}/{}", word(type), value), type, {},
                    element(value, type));
}

std::string OnnxBuilder::filled(size_t count, float value) {
  return add_shared(fmt::format("filled/{}x{}", count, value),
                    ElementType::kFloat32, {static_cast<int64_t>(count)},
                    bytes_of(std::vector<float>(count, value)));
}

std::string OnnxBuilder::transposed(const std::string& matrix) {
  const auto found = constants_.find(matrix);
  if (found == constants_.end())
    return node("Transpose", {matrix}, {{"perm", std::vector<int64_t>{1, 0}}});
  const std::string key = matrix + "_transposed";
  if (const auto known = shared_.find(key); known != shared_.end())
    return known->second;
  const onnx::TensorProto& from = *found->second;
  const auto rows = static_cast<size_t>(from.dims(0));
  const auto columns = static_cast<size_t>(from.dims(1));
  const std::string& source = from.raw_data();
  const size_t width = source.size() / (rows * columns);
  std::string turned(source.size(), '\0');
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c)
      std::memcpy(&turned[(c * rows + r) * width],
                  &source[(r * columns + c) * width], width);
  }
  const std::string name = unique(key);
  onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(from.data_type());
  tensor.add_dims(from.dims(1));
  tensor.add_dims(from.dims(0));
  tensor.set_raw_data(std::move(turned));
  constants_[name] = &tensor;
  return shared_[key] = name;
}

std::string OnnxBuilder::cast(const std::string& tensor, ElementType from,
                              ElementType to) {
  if (from == to) return tensor;
  return node("Cast", {tensor}, {{"to", int64_t{onnx_type(to)}}});
}

onnx::ModelProto OnnxBuilder::build() {
  remove_unused(*model_.mutable_graph());
  constants_.clear();
  return std::move(model_);
}

std::string OnnxBuilder::unique(const std::string& stem) {
  std::string name = stem;
  for (int n = 2; !names_.insert(name).second; ++n)
    name = fmt::format("{}_{}", stem, n);
  return name;
}

std::string OnnxBuilder::add_constant(const std::string& stem, ElementType type,
                                      const Shape& shape,
                                      std::span<const std::byte> bytes) {
  const std::string name = unique(stem);
  onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx_type(type));
  for (const int64_t n : shape) tensor.add_dims(n);
  tensor.set_raw_data(bytes.data(), bytes.size());
  constants_[name] = &tensor;
  return name;
}

std::string OnnxBuilder::add_shared(const std::string& stem, ElementType type,
                                    const Shape& shape,
                                    std::span<const std::byte> bytes) {
  const auto known = shared_.find(stem);
  if (known != shared_.end()) return known->second;
  return shared_[stem] = add_constant(stem, type, shape, bytes);
}

}  // namespace fer
