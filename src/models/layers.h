// The layers that models are made of: thin torch modules that know their Keras
// name, their work and how they are filled at the start. Activations are float
// or bf16
// `[N, C, H, W]` or `[N, features]`; models never bake in the batch size.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/sections.h"

namespace fer {

/// How a kernel is filled at the start.
enum class KernelInit { kHeNormal, kGlorotUniform };

/// What a layer did in one forward pass; collected by a LayerRecorder.
struct LayerRecord {
  std::string name;  ///< path in the model: "block1.conv1"
  std::string kind;  ///< Keras's class name: "Conv2D"
  std::vector<int64_t> output_shape;
  int64_t parameters = 0;
  int64_t trainable = 0;
  int64_t multiply_adds = 0;  ///< of the whole batch
};

/// Base of every layer: call it as a function. While a LayerRecorder lives on
/// the thread, each call leaves a record.
class Layer : public torch::nn::Module {
 public:
  explicit Layer(std::string kind) : kind_(std::move(kind)) {}
  torch::Tensor operator()(const torch::Tensor& x);
  virtual torch::Tensor forward(const torch::Tensor& x) = 0;
  /// Multiply-adds that made `output` from `input`.
  virtual int64_t multiply_adds(const torch::Tensor& /*input*/,
                                const torch::Tensor& /*output*/) const {
    return 0;
  }
  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
};

/// Collects the records of all layers called on this thread during its life.
class LayerRecorder {
 public:
  explicit LayerRecorder(const torch::nn::Module& root);
  ~LayerRecorder();
  LayerRecorder(const LayerRecorder&) = delete;
  LayerRecorder& operator=(const LayerRecorder&) = delete;
  std::vector<LayerRecord> records;

 private:
  friend class Layer;
  const torch::nn::Module& root_;
};

/// Convolution with "same" padding for odd kernels, then ReLU if asked (Keras's
/// `Conv2D(..., activation='relu')`). weight `[out, in, k, k]`, bias `[out]`.
class Conv2d final : public Layer {
 public:
  struct Options {
    int64_t in, out, kernel;
    int64_t stride = 1;
    bool bias = true;
    bool relu = false;
    KernelInit init = KernelInit::kHeNormal;
  };
  explicit Conv2d(const Options& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  int64_t multiply_adds(const torch::Tensor& input,
                        const torch::Tensor& output) const override;
  const Options& options() const { return options_; }

 private:
  Options options_;
  torch::Tensor weight_, bias_;
};

/// Fully connected, then ReLU if asked. weight `[out, in]`, bias `[out]`.
class Dense final : public Layer {
 public:
  struct Options {
    int64_t in, out;
    bool relu = false;
    KernelInit init = KernelInit::kHeNormal;
  };
  explicit Dense(const Options& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  int64_t multiply_adds(const torch::Tensor& input,
                        const torch::Tensor& output) const override;
  const Options& options() const { return options_; }

 private:
  Options options_;
  torch::Tensor weight_, bias_;
};

/// Batch normalisation over all dimensions but the second, with Keras's or
/// torch's bookkeeping: moving = momentum * moving + (1 - momentum) * batch.
/// A batch of one value has the biased variance 0 and no unbiased one: there
/// the moving variance stays.
class BatchNorm final : public Layer {
 public:
  BatchNorm(int64_t features, const BatchNormConfig& config);
  torch::Tensor forward(const torch::Tensor& x) override;

 private:
  void correct_variance(const torch::Tensor& before, int64_t n);

  BatchNormConfig config_;
  torch::Tensor weight_, bias_, running_mean_, running_var_;
};

/// 2x2 maximum with stride 2.
class MaxPool2d final : public Layer {
 public:
  MaxPool2d() : Layer("MaxPooling2D") {}
  torch::Tensor forward(const torch::Tensor& x) override;
};

/// Zeroes a share of the values in training and scales the rest up.
class Dropout final : public Layer {
 public:
  explicit Dropout(double rate) : Layer("Dropout"), rate_(rate) {}
  torch::Tensor forward(const torch::Tensor& x) override;

 private:
  double rate_;
};

/// `[N, C, H, W]` to `[N, C*H*W]`.
class Flatten final : public Layer {
 public:
  Flatten() : Layer("Flatten") {}
  torch::Tensor forward(const torch::Tensor& x) override;
};

}  // namespace fer
