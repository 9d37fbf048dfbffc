// Files of other libraries against our models in double:
// tests/reference/weights/<case>.json, made by weights_names.py. Both sides
// fill the tensors that the library itself stores by the same hash; the logits
// agree to kTolerance relative to their root mean square.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/json.h"
#include "core/temporary_folder.h"
#include "keras_tensors.h"
#include "models/registry.h"
#include "models/weights.h"

namespace fer {
namespace {

constexpr double kTolerance = 1e-7;
constexpr uint32_t kImages = 1000;

WeightsLayout layout_of(const std::string& name) {
  for (const auto layout :
       {WeightsLayout::kTorchvision, WeightsLayout::kTimm}) {
    if (name == word(layout)) return layout;
  }
  return WeightsLayout::kHuggingFace;
}

class WeightsParity : public testing::TestWithParam<const char*> {
 protected:
  WeightsParity()
      : reference_(
            read_json(std::string(FERBENCH_TEST_DIR "/reference/weights/") +
                      GetParam() + ".json")),
        size_(reference_["image_size"].get<int64_t>()) {
    config_.name = reference_["model"];
    config_.weights = WeightsConfig{.file = folder_ / "file.safetensors",
                                    .layout = layout_of(reference_["layout"])};
    if (reference_.contains("vit")) {
      const Json& vit = reference_["vit"];
      config_.vit = {vit["patch_size"], vit["layer_norm_epsilon"]};
    }
  }

  void write_file_of_library() const {
    TensorFile file;
    uint32_t t = 0;
    for (const Json& row : reference_["tensors"]) {
      file.tensors.emplace_back(row["name"],
                                hash_tensor(row, t++).to(torch::kFloat));
    }
    // What every BatchNorm of torch stores besides.
    file.tensors.emplace_back("bn1.num_batches_tracked",
                              torch::tensor(7, torch::kLong));
    write_safetensors(config_.weights->file, file);
  }

  torch::Tensor logits(Model& model) const {
    const torch::NoGradGuard guard;
    model.to(torch::kDouble);
    model.eval();
    return model.forward(hash_units(2 * 3 * size_ * size_, kImages)
                             .to(torch::kFloat)
                             .to(torch::kDouble)
                             .reshape({2, 3, size_, size_}));
  }

  TemporaryFolder folder_;
  Json reference_;
  int64_t size_;
  ModelConfig config_;
};

TEST_P(WeightsParity, GivesTheOriginalsLogits) {
  write_file_of_library();
  const ModelPtr model = make_model(config_, {3, size_, 7}, 1);
  const WeightsReport report = load_weights(config_, *model);
  EXPECT_EQ(report.loaded.size(), named_tensors(*model).size());
  EXPECT_TRUE(report.fresh.empty() && report.left_over.empty());
  const torch::Tensor expected =
      torch::tensor(reference_["logits"].get<std::vector<double>>())
          .reshape({2, 7});
  const double rms = expected.square().mean().sqrt().item<double>();
  EXPECT_LT((logits(*model) - expected).abs().max().item<double>(),
            kTolerance * rms);
}

INSTANTIATE_TEST_SUITE_P(
    Weights, WeightsParity,
    testing::Values("torchvision_resnet18", "torchvision_resnet50",
                    "timm_resnet50", "torchvision_vit", "timm_vit",
                    "torchvision_efficientnet_b0", "timm_efficientnet_b0",
                    "huggingface_vit_file", "huggingface_vit_memory"),
    [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace fer
