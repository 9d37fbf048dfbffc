// Every model of the zoo against its original in double:
// tests/reference/zoo/<name>.json, made by zoo_parity.py. Both sides fill all
// tensors by the same hash; a value may differ by kTolerance relative to itself
// or to the root mean square of its tensor, whichever is larger.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/json.h"
#include "digest.h"
#include "keras_tensors.h"
#include "models/registry.h"
#include "train/loss.h"

namespace fer {
namespace {

constexpr uint32_t kImages = 1000;

class ZooParity : public testing::TestWithParam<const char*> {
 protected:
  ZooParity()
      : reference_(read_json(std::string(FERBENCH_TEST_DIR "/reference/zoo/") +
                             GetParam() + ".json")) {
    const auto shape = reference_["shape"].get<std::vector<int64_t>>();
    shape_ = {shape[0], shape[1], shape[2]};
    ModelConfig config;
    config.name = reference_["model"].get<std::string>();
    config.dropout = reference_["dropout"].get<std::vector<double>>();
    if (reference_.contains("vit")) {
      const Json& vit = reference_["vit"];
      config.vit = {vit["patch_size"], vit["layer_norm_epsilon"]};
    }
    model_ = find_model(config.name).make(config, shape_);
    model_->to(torch::kDouble);
    for (auto& [name, tensor] : named_tensors(*model_)) ours_[name] = tensor;
  }

  void fill() {
    const torch::NoGradGuard guard;
    uint32_t t = 0;
    for (const Json& row : reference_["tensors"])
      ours_.at(row["name"]).copy_(hash_tensor(row, t++));
  }

  torch::Tensor images() const {
    const auto batch = reference_["batch"].get<int64_t>();
    return hash_units(
               batch * shape_.channels * shape_.image_size * shape_.image_size,
               kImages)
        .to(torch::kFloat)
        .to(torch::kDouble)
        .reshape(
            {batch, shape_.channels, shape_.image_size, shape_.image_size});
  }

  torch::Tensor labels() const {
    return torch::arange(reference_["batch"].get<int64_t>(), torch::kLong)
        .remainder(shape_.classes);
  }

  Json reference_;
  ModelShape shape_;
  ModelPtr model_;
  std::map<std::string, torch::Tensor> ours_;
};

void expect_values(const torch::Tensor& tensor, const Json& expected,
                   const char* what) {
  const torch::Tensor flat = tensor.detach().flatten();
  ASSERT_EQ(static_cast<size_t>(flat.numel()), expected.size()) << what;
  const double rms =
      flat.norm().item<double>() / std::sqrt(static_cast<double>(flat.numel()));
  for (size_t i = 0; i < expected.size(); ++i) {
    expect_near(flat[static_cast<int64_t>(i)].item<double>(),
                expected[i].get<double>(), rms, what);
  }
}

TEST_P(ZooParity, HasTheOriginalsTensorsAndNoOthers) {
  int64_t parameters = 0;
  for (const Json& row : reference_["tensors"]) {
    const std::string name = row["name"];
    ASSERT_TRUE(ours_.contains(name)) << name;
    EXPECT_EQ(ours_.at(name).sizes().vec(),
              row["shape"].get<std::vector<int64_t>>())
        << name;
    parameters += ours_.at(name).numel();
  }
  EXPECT_EQ(ours_.size(), reference_["tensors"].size());
  EXPECT_EQ(parameters, reference_["parameters"].get<int64_t>());
}

TEST_P(ZooParity, GivesTheOriginalsLogitsLossGradientsAndStatistics) {
  fill();
  {
    const torch::NoGradGuard guard;
    model_->eval();
    expect_values(model_->forward(images()), reference_["logits_evaluation"],
                  "evaluation");
  }
  model_->train();
  const torch::Tensor logits = model_->forward(images());
  expect_values(logits, reference_["logits_training"], "training");
  const torch::Tensor loss = Loss::plain(logits, labels());
  expect_near(loss.item<double>(), reference_["loss"].get<double>(), 1, "loss");
  loss.backward();
  for (const Json& row : reference_["tensors"]) {
    const std::string name = row["name"];
    const torch::Tensor& tensor = ours_.at(name);
    expect_digest(tensor.requires_grad() ? tensor.grad() : tensor, row["after"],
                  name);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Zoo, ZooParity,
    testing::Values("resnet18", "resnet34", "resnet50", "resnet50_keras",
                    "resnet50v2", "vit_tiny", "vit_tiny_huggingface",
                    "efficientnet_b0", "efficientnet_b3",
                    "efficientnet_b3_keras", "efficientnet_b3_fer",
                    "vgg16_bn_fer", "cnn50", "cnn48"),
    [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace fer
