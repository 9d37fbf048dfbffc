// Our weights in the hands of the libraries whose names they carry:
// tests/reference/weights_round_trip.py loads them with load_state_dict or
// from_pretrained and compares the logits.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "keras_tensors.h"
#include "models/registry.h"
#include "models/weights.h"

namespace fer {
namespace {

constexpr double kTolerance = 1e-5;  // of float32 logits, relative to their rms
constexpr uint32_t kImages = 1000;

struct Case {
  const char* model;
  WeightsLayout layout;
  int64_t size;
};
constexpr Case kCases[] = {
    {"resnet18", WeightsLayout::kTorchvision, 64},
    {"resnet50", WeightsLayout::kTimm, 64},
    {"vit_tiny", WeightsLayout::kTorchvision, 48},
    {"vit_tiny", WeightsLayout::kTimm, 48},
    {"vit_tiny", WeightsLayout::kHuggingFace, 48},
    {"efficientnet_b0", WeightsLayout::kTorchvision, 64},
    {"efficientnet_b0", WeightsLayout::kTimm, 64},
};

class WeightsPeer : public testing::Test {
 protected:
  void SetUp() override {
    const char* named = std::getenv("FERBENCH_PYTHON");
    python_ = named ? named : "python3";
    const std::string probe =
        python_ + " -c 'import torchvision, timm, transformers' 2>/dev/null";
    if (std::system(probe.c_str()) != 0) {
      GTEST_SKIP() << python_ << " has no torchvision, timm and transformers "
                   << "(name an interpreter that has them in FERBENCH_PYTHON)";
    }
  }

  void write(const Case& c) const {
    ModelConfig config;
    config.name = c.model;
    config.vit.patch_size = 8;
    if (c.layout == WeightsLayout::kHuggingFace)
      config.vit.layer_norm_epsilon = 1e-12;
    const ModelPtr model = make_model(config, {3, c.size, 7}, 1);
    stir(*model);
    const std::string name = fmt::format("{}-{}", word(c.layout), c.model);
    write_safetensors(folder_ / (name + ".safetensors"),
                      in_layout(*model, config, c.layout));
    const torch::NoGradGuard guard;
    model->eval();
    const torch::Tensor logits =
        model->forward(hash_units(2 * 3 * c.size * c.size, kImages)
                           .to(torch::kFloat)
                           .reshape({2, 3, c.size, c.size}));
    write_json(folder_ / (name + ".json"),
               {{"library", word(c.layout)},
                {"model", c.model},
                {"image_size", c.size},
                {"logits", std::vector<float>(logits.data_ptr<float>(),
                                              logits.data_ptr<float>() + 14)}});
  }

  // Statistics and small tensors that no start leaves at 0 or 1.
  static void stir(const Model& model) {
    const torch::NoGradGuard guard;
    uint32_t t = 0;
    for (const auto& [name, tensor] : named_tensors(model)) {
      if (tensor.dim() == 1) {
        tensor.add_(0.1 * hash_units(tensor.numel(), t).to(torch::kFloat));
      }
      ++t;
    }
  }

  std::string run() const {
    const std::string command =
        fmt::format("{} {}/reference/weights_round_trip.py {} 2>/dev/null",
                    python_, FERBENCH_TEST_DIR, folder_.path().string());
    FILE* pipe = popen(command.c_str(), "r");
    std::string text;
    char part[256];
    while (fgets(part, sizeof part, pipe)) text += part;
    EXPECT_EQ(pclose(pipe), 0) << command;
    return text;
  }

  TemporaryFolder folder_;
  std::string python_;
};

TEST_F(WeightsPeer, LoadsAndAnswersAlike) {
  for (const Case& c : kCases) write(c);
  std::istringstream lines(run());
  std::string name;
  double difference = 0, rms = 0;
  size_t count = 0;
  while (lines >> name >> difference >> rms) {
    std::cout << name << ": largest difference " << difference << ", rms "
              << rms << "\n";
    EXPECT_LT(difference, kTolerance * rms) << name;
    ++count;
  }
  EXPECT_EQ(count, std::size(kCases));
}

}  // namespace
}  // namespace fer
