#include "models/layers.h"

#include <ATen/ATen.h>

#include "models/depthwise_conv.h"
#include "models/fused.h"
#include "models/fused_conv.h"
#include "models/layer_clock.h"
#include "models/product_conv.h"
#include "models/tap_conv.h"

namespace fer {
namespace {

thread_local LayerRecorder* recorder = nullptr;

std::string path_of(const torch::nn::Module& root, const Layer& layer) {
  for (const auto& item : root.named_modules("", /*include_self=*/false)) {
    if (item.value().get() == &layer) return item.key();
  }
  return layer.kind();
}

int64_t count(const std::vector<torch::Tensor>& tensors) {
  int64_t n = 0;
  for (const auto& tensor : tensors) n += tensor.numel();
  return n;
}

// Biases start at zero, but for torch's rule.
StartRule start(KernelInit init, const std::string& parameter, int64_t fan_in,
                int64_t fan_out) {
  const bool zero = parameter == "bias" && init != KernelInit::kTorchUniform;
  return {zero ? KernelInit::kZero : init, static_cast<double>(fan_in),
          static_cast<double>(fan_out)};
}

}  // namespace

torch::Tensor Layer::operator()(const torch::Tensor& x) {
  torch::Tensor y;
  {
    const LayerClock::Span span(*this);
    y = forward(x);
  }
  if (recorder && !kind_.empty()) {
    const int64_t trainable = count(parameters(/*recurse=*/false));
    recorder->records.push_back(
        {path_of(recorder->root_, *this), kind_, y.sizes().vec(),
         trainable + count(buffers(/*recurse=*/false)), trainable,
         multiply_adds(x, y), recorder->keep_outputs_ ? y : torch::Tensor()});
  }
  return y;
}

LayerRecorder::LayerRecorder(const torch::nn::Module& root, bool keep_outputs)
    : root_(root), keep_outputs_(keep_outputs) {
  recorder = this;
}

LayerRecorder::~LayerRecorder() { recorder = nullptr; }

Conv2d::Conv2d(const Options& options) : Layer("Conv2D"), options_(options) {
  const auto& o = options_;
  weight_ = register_parameter(
      "weight", torch::zeros({o.out, o.in / o.groups, o.kernel, o.kernel}));
  if (o.bias) bias_ = register_parameter("bias", torch::zeros({o.out}));
}

torch::Tensor Conv2d::forward(const torch::Tensor& x) {
  torch::Tensor y = before_relu(x);
  return options_.relu ? at::relu_(y) : y;
}

torch::Tensor Conv2d::before_relu(const torch::Tensor& x) {
  const auto& o = options_;
  const int64_t pad = o.padding < 0 ? o.kernel / 2 : o.padding;
  const bool same = o.stride == 1 && o.groups == 1 && pad == o.kernel / 2;
  const ConvStep step{o.kernel, o.stride, pad};
  if (o.groups == 1 && taps_take(x, step)) return tap_conv2d(x, weight_, bias_);
  if (same && is_training() && winograd_on() && winograd_takes(x, weight_))
    return winograd_conv2d(x, weight_, bias_);
  if (o.groups == 1 && product_takes(x, step))
    return product_conv2d(x, weight_, bias_, step);
  if (o.groups > 1 && !bias_.defined() && depthwise_takes(x, weight_, step))
    return depthwise_conv2d(x, weight_, step);
  return at::conv2d(x, weight_, bias_, o.stride, {pad, pad}, 1, o.groups);
}

int64_t Conv2d::multiply_adds(const torch::Tensor&,
                              const torch::Tensor& output) const {
  return output.numel() * (options_.in / options_.groups) * options_.kernel *
         options_.kernel;
}

StartRule Conv2d::start_rule(const std::string& parameter) const {
  const auto& o = options_;
  const int64_t field = o.kernel * o.kernel;
  return start(o.init, parameter, o.in / o.groups * field,
               o.out / o.groups * field);
}

Dense::Dense(const Options& options) : Layer("Dense"), options_(options) {
  weight_ =
      register_parameter("weight", torch::zeros({options.out, options.in}));
  bias_ = register_parameter("bias", torch::zeros({options.out}));
}

torch::Tensor Dense::forward(const torch::Tensor& x) {
  torch::Tensor y = before_relu(x);
  return options_.relu ? at::relu_(y) : y;
}

torch::Tensor Dense::before_relu(const torch::Tensor& x) {
  return at::linear(x, weight_, bias_);
}

int64_t Dense::multiply_adds(const torch::Tensor&,
                             const torch::Tensor& output) const {
  return output.numel() * options_.in;
}

StartRule Dense::start_rule(const std::string& parameter) const {
  return start(options_.init, parameter, options_.in, options_.out);
}

BatchNormRule batch_norm_rule(const BatchNormConfig& config,
                              const BatchNormRule& own) {
  return {config.epsilon > 0 ? config.epsilon : own.epsilon,
          config.momentum > 0 ? config.momentum : own.momentum,
          config.variance == MovingVariance::kModel
              ? own.biased_variance
              : config.variance == MovingVariance::kBiased};
}

BatchNorm::BatchNorm(int64_t features, const BatchNormRule& rule)
    : Layer("BatchNormalization"), rule_(rule) {
  weight_ = register_parameter("weight", torch::ones({features}));
  bias_ = register_parameter("bias", torch::zeros({features}));
  running_mean_ = register_buffer("running_mean", torch::zeros({features}));
  running_var_ = register_buffer("running_var", torch::ones({features}));
}

torch::Tensor BatchNorm::forward(const torch::Tensor& x) {
  const double fresh = 1.0 - rule_.momentum;
  const torch::Tensor before =
      is_training() ? running_var_.clone() : torch::Tensor();
  torch::Tensor y = at::batch_norm(x, weight_, bias_, running_mean_,
                                   running_var_, is_training(), fresh,
                                   rule_.epsilon, /*cudnn_enabled=*/true);
  if (is_training()) correct_variance(before, x.numel() / x.size(1));
  return y;
}

// torch has added fresh * n/(n-1) * variance; Keras adds fresh * variance.
void BatchNorm::correct_variance(const torch::Tensor& before, int64_t n) {
  // variable_data(): autograd saved running_var, and would see a change of it.
  const torch::Tensor variance = running_var_.variable_data();
  if (n == 1) {  // 0/0 there; the biased variance is 0, the unbiased unknown
    variance.copy_(before);
    if (rule_.biased_variance) variance.mul_(rule_.momentum);
  } else if (rule_.biased_variance) {
    const double share = static_cast<double>(n - 1) / static_cast<double>(n);
    variance.mul_(share).add_(before, rule_.momentum * (1.0 - share));
  }
}

torch::Tensor relu_in_place(torch::Tensor x) { return at::relu_(x); }

torch::Tensor Relu::forward(const torch::Tensor& x) { return relu_in_place(x); }

torch::Tensor Swish::forward(const torch::Tensor& x) { return at::silu(x); }

torch::Tensor MaxPool2d::forward(const torch::Tensor& x) {
  const auto& o = options_;
  return at::max_pool2d(x, {o.kernel, o.kernel}, {o.stride, o.stride},
                        {o.padding, o.padding});
}

GlobalPool2d::GlobalPool2d(Pooling pooling)
    : Layer(pooling == Pooling::kMaximum ? "GlobalMaxPooling2D"
                                         : "GlobalAveragePooling2D"),
      pooling_(pooling) {}

torch::Tensor GlobalPool2d::forward(const torch::Tensor& x) {
  return pooling_ == Pooling::kMaximum ? x.amax({2, 3}) : x.mean({2, 3});
}

InputNorm::InputNorm(InputScale scale, int64_t channels)
    : Layer("Normalization"), flip_(scale == InputScale::kCaffe) {
  if (scale == InputScale::kUnit) return;
  // ImageNet's mean and deviation, RGB; a gray picture takes their means.
  std::vector<double> mean = {0.485, 0.456, 0.406};
  std::vector<double> deviation = {0.229, 0.224, 0.225};
  if (scale == InputScale::kHalf) mean = deviation = {0.5, 0.5, 0.5};
  if (scale == InputScale::kCaffe) {
    mean = {103.939 / 255, 116.779 / 255, 123.68 / 255};
    deviation = {1.0 / 255, 1.0 / 255, 1.0 / 255};
  }
  torch::Tensor m = torch::tensor(mean), d = torch::tensor(deviation);
  if (channels == 1) {
    m = m.mean().reshape({1});
    d = d.mean().reshape({1});
  }
  // Not registered: fixed numbers, no weights.
  scale_ = (1.0 / d).reshape({1, -1, 1, 1});
  shift_ = (-m / d).reshape({1, -1, 1, 1});
}

torch::Tensor InputNorm::forward(const torch::Tensor& x) {
  if (!scale_.defined()) return x;
  if (scale_.device() != x.device()) {
    // Once: a recorded step may not copy anything from the host.
    scale_ = scale_.to(x.device());
    shift_ = shift_.to(x.device());
  }
  const torch::Tensor y = flip_ && x.size(1) == 3 ? x.flip({1}) : x;
  return y * scale_.to(x.options()) + shift_.to(x.options());
}

torch::Tensor Dropout::forward(const torch::Tensor& x) {
  return at::dropout(x, rate_, is_training());
}

torch::Tensor Flatten::forward(const torch::Tensor& x) { return x.flatten(1); }

}  // namespace fer
