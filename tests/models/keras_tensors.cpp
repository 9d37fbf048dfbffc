#include "keras_tensors.h"

#include <ATen/ATen.h>

#include <map>

#include "formula_hash.h"
#include "models/registry.h"

namespace fer {
namespace {

// Our flatten is [C, H, W], Keras's [H, W, C].
bool follows_flatten(const std::string& name) {
  return name == "dense1/kernel";
}

torch::Tensor start_value(const Json& row) {
  const auto shape = row["shape"].get<std::vector<int64_t>>();
  const auto kind = row["kind"].get<std::string>();
  const auto scale = row["scale"].get<double>();
  int64_t count = 1;
  for (const int64_t n : shape) count *= n;
  const torch::Tensor u = hash_units(count, row["t"].get<uint32_t>());
  torch::Tensor value =
      kind == "moving_variance" ? 1.0 + scale * u : scale * (2.0 * u - 1.0);
  if (kind == "gamma") value = 1.0 + value;
  return from_keras(value.to(torch::kFloat), shape, row["name"]);
}

}  // namespace

const Json& keras_fernet() {
  static const Json json =
      read_json(FERBENCH_TEST_DIR "/reference/keras_fernet.json");
  return json;
}

torch::Tensor hash_units(int64_t count, uint32_t t) {
  torch::Tensor u = torch::empty({count}, torch::kDouble);
  double* data = u.data_ptr<double>();
  for (int64_t i = 0; i < count; ++i) {
    data[i] = formula_hash(static_cast<uint32_t>(i), t) * 0x1p-32;
  }
  return u;
}

torch::Tensor hash_tensor(const Json& row, uint32_t t) {
  const auto shape = row["shape"].get<std::vector<int64_t>>();
  const auto kind = row["kind"].get<std::string>();
  const auto scale = row["scale"].get<double>();
  int64_t count = 1;
  for (const int64_t n : shape) count *= n;
  const torch::Tensor u = hash_units(count, t);
  torch::Tensor value =
      kind == "variance" ? 1.0 + scale * u : scale * (2.0 * u - 1.0);
  if (kind == "gain") value = 1.0 + value;
  return value.to(torch::kFloat).to(torch::kDouble).reshape(shape);
}

torch::Tensor hash_images(uint32_t t) {
  return hash_units(8 * 48 * 48, t)
      .to(torch::kFloat)
      .to(torch::kDouble)
      .reshape({8, 1, 48, 48});
}

std::string our_name(const std::string& keras_name) {
  static const std::map<std::string, std::string> words = {
      {"kernel", "weight"},
      {"bias", "bias"},
      {"gamma", "weight"},
      {"beta", "bias"},
      {"moving_mean", "running_mean"},
      {"moving_variance", "running_var"}};
  const size_t slash = keras_name.find('/');
  const std::string layer = keras_name.substr(0, slash);
  return (layer == "output" ? "logits" : layer) + "." +
         words.at(keras_name.substr(slash + 1));
}

torch::Tensor to_keras(const torch::Tensor& tensor, const std::string& name) {
  torch::Tensor x = tensor.detach();
  if (follows_flatten(name)) {
    x = x.reshape({512, 256, 3, 3}).permute({0, 2, 3, 1}).reshape({512, 2304});
  }
  if (x.dim() == 4) x = x.permute({2, 3, 1, 0});
  if (x.dim() == 2) x = x.t();
  return x.contiguous().flatten();
}

torch::Tensor from_keras(const torch::Tensor& flat,
                         const std::vector<int64_t>& shape,
                         const std::string& name) {
  torch::Tensor x = flat.reshape(shape);
  if (x.dim() == 4) x = x.permute({3, 2, 0, 1});
  if (x.dim() == 2) x = x.t();
  if (follows_flatten(name)) {
    x = x.reshape({512, 3, 3, 256}).permute({0, 3, 1, 2}).reshape({512, 2304});
  }
  return x.contiguous();
}

ModelPtr hash_fernet(torch::ScalarType dtype) {
  ModelConfig config;
  config.dropout = std::vector<double>(6, 0.0);
  const ModelPtr model = make_model(config, {1, 48, 2}, 1);
  const torch::NoGradGuard guard;
  for (const Json& row : keras_fernet()["tensors"]) {
    keras_tensor(*model, row["name"]).copy_(start_value(row));
  }
  model->to(dtype);
  return model;
}

torch::Tensor keras_tensor(const Model& model, const std::string& name) {
  const std::string ours = our_name(name);
  const auto parameters = model.named_parameters();
  if (const torch::Tensor* found = parameters.find(ours)) return *found;
  return model.named_buffers()[ours];
}

}  // namespace fer
