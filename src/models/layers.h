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

/// How a kernel, a bias or a token is filled at the start.
enum class KernelInit {
  kHeNormal,       ///< Keras: normal cut at two deviations, sqrt(2 / fan_in)
  kGlorotUniform,  ///< Keras's default: +-sqrt(6 / (fan_in + fan_out))
  kHeFanOut,       ///< torchvision: normal, sqrt(2 / fan_out)
  kHeFanOutCut,    ///< Keras's EfficientNet: the same, cut at two deviations
  kUniformFanOut,  ///< EfficientNet's last layer: +-1 / sqrt(fan_out)
  kTorchUniform,   ///< torch's default: +-1 / sqrt(fan_in), biases too
  kNormal002,      ///< transformers: normal with deviation 0.02
  kNormal1e6,      ///< timm's class token: normal with deviation 1e-6
  kZero,
};

/// How one parameter starts. Fans count the inputs and outputs of one value, in
/// one group; 0 for tokens, for which torch has no rule of its own.
struct StartRule {
  KernelInit init;
  double fan_in = 0, fan_out = 0;
};

/// What initialise() fills: modules inherit it beside Layer or Model.
class Initialised {
 public:
  virtual ~Initialised() = default;
  /// For a parameter of the module itself: "weight", "bias", "cls_token".
  virtual StartRule start_rule(const std::string& parameter) const = 0;
};

/// What a layer did in one forward pass; collected by a LayerRecorder.
struct LayerRecord {
  std::string name;  ///< path in the model: "block1.conv1"
  std::string kind;  ///< Keras's class name: "Conv2D"
  std::vector<int64_t> output_shape;
  int64_t parameters = 0;
  int64_t trainable = 0;
  int64_t multiply_adds = 0;  ///< of the whole batch
  torch::Tensor output = {};  ///< undefined unless asked for
};

/// Base of every layer: call it as a function. While a LayerRecorder lives on
/// the thread, each call leaves a record.
class Layer : public torch::nn::Module {
 public:
  /// An empty kind: a container that leaves no record of its own.
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
  /// keep_outputs: with the tensors themselves, which then stay in memory.
  explicit LayerRecorder(const torch::nn::Module& root,
                         bool keep_outputs = false);
  ~LayerRecorder();
  LayerRecorder(const LayerRecorder&) = delete;
  LayerRecorder& operator=(const LayerRecorder&) = delete;
  std::vector<LayerRecord> records;

 private:
  friend class Layer;
  const torch::nn::Module& root_;
  bool keep_outputs_;
};

/// A layer whose last step may be a ReLU: batch normalisation behind it can do
/// that step in its own pass over memory (models/fused.h).
class ReluLast {
 public:
  virtual ~ReluLast() = default;
  virtual bool has_relu() const = 0;
  /// forward() without the ReLU.
  virtual torch::Tensor before_relu(const torch::Tensor& x) = 0;
};

/// Convolution with "same" padding for odd kernels, then ReLU if asked (Keras's
/// `Conv2D(..., activation='relu')`). weight `[out, in / groups, k, k]`, bias
/// `[out]`.
class Conv2d final : public Layer, public Initialised, public ReluLast {
 public:
  struct Options {
    int64_t in, out, kernel;
    int64_t stride = 1;
    int64_t groups = 1;
    bool bias = true;
    bool relu = false;
    KernelInit init = KernelInit::kHeNormal;
    int64_t padding = -1;  ///< on each side; -1: kernel / 2
  };
  explicit Conv2d(const Options& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  bool has_relu() const override { return options_.relu; }
  torch::Tensor before_relu(const torch::Tensor& x) override;
  int64_t multiply_adds(const torch::Tensor& input,
                        const torch::Tensor& output) const override;
  StartRule start_rule(const std::string& parameter) const override;

 private:
  Options options_;
  torch::Tensor weight_, bias_;
};

/// Fully connected, then ReLU if asked. weight `[out, in]`, bias `[out]`.
class Dense final : public Layer, public Initialised, public ReluLast {
 public:
  struct Options {
    int64_t in, out;
    bool relu = false;
    KernelInit init = KernelInit::kHeNormal;
  };
  explicit Dense(const Options& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  bool has_relu() const override { return options_.relu; }
  torch::Tensor before_relu(const torch::Tensor& x) override;
  int64_t multiply_adds(const torch::Tensor& input,
                        const torch::Tensor& output) const override;
  StartRule start_rule(const std::string& parameter) const override;

 private:
  Options options_;
  torch::Tensor weight_, bias_;
};

/// A rule of batch normalisation with every number known.
struct BatchNormRule {
  double epsilon, momentum;
  bool biased_variance;
};
inline constexpr BatchNormRule kKerasBatchNorm{1e-3, 0.99, true};
inline constexpr BatchNormRule kTorchBatchNorm{1e-5, 0.9, false};

/// What the settings ask for, else the model's own.
BatchNormRule batch_norm_rule(const BatchNormConfig& config,
                              const BatchNormRule& own);

/// Batch normalisation over all dimensions but the second, with Keras's or
/// torch's bookkeeping: moving = momentum * moving + (1 - momentum) * batch.
/// A batch of one value has the biased variance 0 and no unbiased one: there
/// the moving variance stays.
class BatchNorm final : public Layer {
 public:
  BatchNorm(int64_t features, const BatchNormRule& rule);
  torch::Tensor forward(const torch::Tensor& x) override;

  /// What the fused passes read and move on: the layer's own tensors.
  struct Parts {
    torch::Tensor weight, bias, running_mean, running_var;
    BatchNormRule rule;
  };
  Parts parts() const {
    return {weight_, bias_, running_mean_, running_var_, rule_};
  }

 private:
  void correct_variance(const torch::Tensor& before, int64_t n);

  BatchNormRule rule_;
  torch::Tensor weight_, bias_, running_mean_, running_var_;
};

/// max(x, 0), over the memory of x: behind a layer that does not need its own
/// output.
torch::Tensor relu_in_place(torch::Tensor x);
class Relu final : public Layer {
 public:
  Relu() : Layer("ReLU") {}
  torch::Tensor forward(const torch::Tensor& x) override;
};
/// x * sigmoid(x), also called SiLU.
class Swish final : public Layer {
 public:
  Swish() : Layer("Swish") {}
  torch::Tensor forward(const torch::Tensor& x) override;
};

/// Maximum over windows; padding counts as minus infinity.
class MaxPool2d final : public Layer {
 public:
  struct Options {
    int64_t kernel = 2, stride = 2, padding = 0;
  };
  MaxPool2d() : MaxPool2d(Options{}) {}
  explicit MaxPool2d(const Options& options)
      : Layer("MaxPooling2D"), options_(options) {}
  torch::Tensor forward(const torch::Tensor& x) override;
  const Options& options() const { return options_; }

 private:
  Options options_;
};

/// `[N, C, H, W]` to `[N, C]`: the mean or the maximum of each channel.
enum class Pooling { kAverage, kMaximum };
class GlobalPool2d final : public Layer {
 public:
  explicit GlobalPool2d(Pooling pooling);
  torch::Tensor forward(const torch::Tensor& x) override;

 private:
  Pooling pooling_;
};

/// Pixels in [0, 1] to what the weights were made for (InputScale).
class InputNorm final : public Layer {
 public:
  InputNorm(InputScale scale, int64_t channels);
  torch::Tensor forward(const torch::Tensor& x) override;

 private:
  bool flip_;  ///< RGB to BGR
  torch::Tensor scale_, shift_;
};

/// Zeroes a share of the values in training and scales the rest up.
class Dropout final : public Layer {
 public:
  explicit Dropout(double rate) : Layer("Dropout"), rate_(rate) {}
  torch::Tensor forward(const torch::Tensor& x) override;
  double rate() const { return rate_; }

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
