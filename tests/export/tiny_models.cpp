#include "export/tiny_models.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/philox.h"

namespace fer {

TinyModel::TinyModel(int side, int channels, int classes)
    : side_(side), channels_(channels), classes_(classes) {
  model_.set_ir_version(8);
  model_.add_opset_import()->set_version(17);
  auto& graph = *model_.mutable_graph();
  graph.set_name("tiny");
  auto& input = *graph.add_input();
  input.set_name(OnnxContract::kInputName);
  auto& type = *input.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::UINT8);
  type.mutable_shape()->add_dim()->set_dim_param("N");
  for (const int dim : {side, side, channels})
    type.mutable_shape()->add_dim()->set_dim_value(dim);
  last_ = input.name();
  add("Transpose", "to_channels_first", {}, {{"perm", {0, 3, 1, 2}}});
  add("Cast", "to_float", {}, {{"to", {onnx::TensorProto::FLOAT}}});
  add("Div", "unit", {constant("of_255", {}, {255})});
}

std::string TinyModel::constant(const std::string& name,
                                std::vector<int64_t> dims,
                                std::vector<float> values) {
  auto& t = *model_.mutable_graph()->add_initializer();
  t.set_name(name);
  t.set_data_type(onnx::TensorProto::FLOAT);
  for (const int64_t dim : dims) t.add_dims(dim);
  for (const float value : values) t.add_float_data(value);
  return name;
}

std::string TinyModel::drawn(const std::string& name, std::vector<int64_t> dims,
                             float low, float high) {
  int64_t size = 1;
  for (const int64_t dim : dims) size *= dim;
  Philox random(7, 0, drawn_++, Purpose::kInit);
  std::vector<float> values;
  for (int64_t i = 0; i < size; ++i)
    values.push_back(random.uniform(low, high));
  return constant(name, std::move(dims), std::move(values));
}

std::string TinyModel::add(const std::string& op, const std::string& name,
                           const std::vector<std::string>& more_inputs,
                           const Ints& attributes) {
  auto& made = *model_.mutable_graph()->add_node();
  made.set_op_type(op);
  made.set_name(name);
  made.add_input(last_);
  for (const auto& input : more_inputs) made.add_input(input);
  made.add_output(name);
  const std::set<std::string> lists{"pads", "strides", "kernel_shape", "axes",
                                    "perm"};
  for (const auto& [key, values] : attributes) {
    auto& a = *made.add_attribute();
    a.set_name(key);
    a.set_type(lists.count(key) ? onnx::AttributeProto::INTS
                                : onnx::AttributeProto::INT);
    if (lists.count(key))
      for (const int64_t value : values) a.add_ints(value);
    else
      a.set_i(values.at(0));
  }
  return last_ = name;
}

std::string TinyModel::conv(const std::string& name, int in, int out,
                            int kernel) {
  const int64_t pad = kernel / 2;
  return add(
      "Conv", name,
      {drawn(name + ".weight", {out, in, kernel, kernel}, -0.5F, 0.5F),
       drawn(name + ".bias", {out}, -0.2F, 0.2F)},
      {{"kernel_shape", {kernel, kernel}}, {"pads", {pad, pad, pad, pad}}});
}

std::string TinyModel::batch_norm(const std::string& name, int channels,
                                  float low, float high) {
  add("BatchNormalization", name,
      {drawn(name + ".scale", {channels}, low, high),
       drawn(name + ".shift", {channels}, -0.5F, 0.5F),
       drawn(name + ".mean", {channels}, -0.3F, 0.6F),
       drawn(name + ".variance", {channels}, 0.3F, 1.2F)});
  auto& epsilon = *node(name).add_attribute();
  epsilon.set_name("epsilon");
  epsilon.set_type(onnx::AttributeProto::FLOAT);
  epsilon.set_f(0.001F);
  return last_;
}

std::string TinyModel::max_pool(const std::string& name) {
  return add("MaxPool", name, {},
             {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
}

std::string TinyModel::dense(const std::string& name, int in, int out,
                             bool transposed) {
  const std::vector<int64_t> dims = transposed ? std::vector<int64_t>{out, in}
                                               : std::vector<int64_t>{in, out};
  return add("Gemm", name,
             {drawn(name + ".weight", dims, -0.5F, 0.5F),
              drawn(name + ".bias", {out}, -0.2F, 0.2F)},
             {{"transB", {transposed ? 1 : 0}}});
}

onnx::NodeProto& TinyModel::node(const std::string& name) {
  for (auto& made : *model_.mutable_graph()->mutable_node())
    if (made.name() == name) return made;
  throw std::out_of_range(name);
}

onnx::ModelProto TinyModel::finish() {
  if (!model_.graph().output_size()) {
    add("Softmax", OnnxContract::kOutputName, {}, {{"axis", {1}}});
    auto& output = *model_.mutable_graph()->add_output();
    output.set_name(OnnxContract::kOutputName);
    auto& type = *output.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    type.mutable_shape()->add_dim()->set_dim_param("N");
    type.mutable_shape()->add_dim()->set_dim_value(classes_);
  }
  OnnxContract contract;
  for (int k = 0; k < classes_; ++k)
    contract.classes.push_back("class" + std::to_string(k));
  contract.height = contract.width = side_;
  contract.channels = channels_;
  for (const auto& [key, value] : to_metadata(contract)) {
    auto& entry = *model_.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
  return model_;
}

TinyModel tiny_fernet(float low, float high) {
  TinyModel model(8, 1, 3);
  model.conv("conv1", 1, 4, 5);
  model.add("Relu", "relu1");
  model.batch_norm("bn1", 4, low, high);
  model.conv("conv2", 4, 6, 3);
  model.add("Relu", "relu2");
  model.batch_norm("bn2", 6, low, high);
  model.max_pool("pool");
  model.add("Flatten", "flatten");
  model.dense("dense1", 6 * 4 * 4, 5);
  model.add("Relu", "relu3");
  model.batch_norm("bn3", 5, low, high);
  model.dense("logits", 5, 3, /*transposed=*/false);
  return model;
}

int count_nodes(const onnx::ModelProto& model, const std::string& op) {
  return static_cast<int>(std::ranges::count_if(
      model.graph().node(), [&](const auto& n) { return n.op_type() == op; }));
}

std::vector<uint8_t> drawn_pixels(int64_t n, int64_t image_size) {
  Philox random(11, 0, 0, Purpose::kSynthetic);
  std::vector<uint8_t> pixels;
  for (int64_t i = 0; i < n * image_size; ++i)
    pixels.push_back(static_cast<uint8_t>(random.next() >> 24));
  return pixels;
}

double largest_difference(const std::vector<double>& a,
                          const std::vector<double>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::fabs(a[i] - b[i]));
  return largest;
}

std::vector<float> to_floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

}  // namespace fer
