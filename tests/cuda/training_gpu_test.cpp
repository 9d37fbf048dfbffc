// What must hold on a GPU; skipped with the reason where there is none.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "cuda/backend.h"
#include "models/registry.h"
#include "train/device.h"
#include "train/optimizer.h"
#include "train/step_engine.h"

namespace fer {
namespace {

struct StepResult {
  double loss;
  torch::Tensor gradient;  ///< of the first kernel, after one step on the CPU
};

// One step of Fernet without dropout on a batch that both devices share.
StepResult one_step(const torch::Device& device, Precision precision) {
  ModelConfig model_config;
  model_config.dropout.assign(6, 0);
  TrainConfig train;
  train.precision = precision;
  const ModelPtr model = make_model(model_config, {1, 48, 2}, 3);
  place_model(*model, device, true);
  model->train();
  const NamedTensors parameters = named_parameters(*model);
  const torch::Tensor before = parameters.front().second.detach().clone();
  Optimizer optimizer({.name = OptimizerKind::kSgd, .learning_rate = 1.0},
                      parameters);
  StepEngine engine(*model, optimizer,
                    std::make_unique<Classification>(*model, Loss(0, {})),
                    train, device);
  torch::manual_seed(5);
  const torch::Tensor images = torch::rand({16, 1, 48, 48}).to(device);
  const torch::Tensor labels = (torch::arange(16) % 2).to(device);
  RunningMetrics metrics;
  engine.train({images, labels}, true, metrics);
  return {metrics.loss(), (before - parameters.front().second.detach()).cpu()};
}

class Gpu : public testing::Test {
 protected:
  void SetUp() override {
    if (!load_cuda().available) GTEST_SKIP() << load_cuda().reason;
    at::globalContext().setAllowTF32CuDNN(false);
    at::globalContext().setAllowTF32CuBLAS(false);
  }
};

TEST_F(Gpu, OneStepGivesTheLossAndTheGradientOfTheCpu) {
  const StepResult cpu = one_step(torch::kCPU, Precision::kFp32);
  const StepResult gpu = one_step({torch::kCUDA, 0}, Precision::kFp32);
  EXPECT_NEAR(gpu.loss, cpu.loss, 1e-4);
  const double distance = (gpu.gradient - cpu.gradient).norm().item<double>();
  EXPECT_LT(distance, 0.02 * cpu.gradient.norm().item<double>());
}

TEST_F(Gpu, Bf16StaysNearFp32) {
  const StepResult fp32 = one_step({torch::kCUDA, 0}, Precision::kFp32);
  const StepResult bf16 = one_step({torch::kCUDA, 0}, Precision::kBf16);
  EXPECT_NEAR(bf16.loss, fp32.loss, 0.05);
}

TEST(CudaBackend, SaysWhyThereIsNoGpu) {
  const CudaStatus& status = load_cuda();
  if (status.available) GTEST_SKIP() << "there is a GPU here";
  EXPECT_FALSE(status.reason.empty());
  try {
    choose_device(DeviceKind::kCuda);
    FAIL() << "expected an error";
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find("[device] expected a CUDA device"),
              std::string::npos);
  }
  EXPECT_TRUE(choose_device(DeviceKind::kAuto).is_cpu());
}

}  // namespace
}  // namespace fer
