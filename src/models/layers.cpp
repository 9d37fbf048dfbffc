#include "models/layers.h"

#include <ATen/ATen.h>

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

}  // namespace

torch::Tensor Layer::operator()(const torch::Tensor& x) {
  torch::Tensor y = forward(x);
  if (recorder) {
    const int64_t trainable = count(parameters(/*recurse=*/false));
    recorder->records.push_back({path_of(recorder->root_, *this), kind_,
                                 y.sizes().vec(),
                                 trainable + count(buffers(/*recurse=*/false)),
                                 trainable, multiply_adds(x, y)});
  }
  return y;
}

LayerRecorder::LayerRecorder(const torch::nn::Module& root) : root_(root) {
  recorder = this;
}

LayerRecorder::~LayerRecorder() { recorder = nullptr; }

Conv2d::Conv2d(const Options& options) : Layer("Conv2D"), options_(options) {
  const auto& o = options_;
  weight_ = register_parameter("weight",
                               torch::zeros({o.out, o.in, o.kernel, o.kernel}));
  if (o.bias) bias_ = register_parameter("bias", torch::zeros({o.out}));
}

torch::Tensor Conv2d::forward(const torch::Tensor& x) {
  const int64_t pad = options_.kernel / 2;
  torch::Tensor y = at::conv2d(x, weight_, bias_, options_.stride, {pad, pad});
  return options_.relu ? at::relu_(y) : y;
}

int64_t Conv2d::multiply_adds(const torch::Tensor&,
                              const torch::Tensor& output) const {
  return output.numel() * options_.in * options_.kernel * options_.kernel;
}

Dense::Dense(const Options& options) : Layer("Dense"), options_(options) {
  weight_ =
      register_parameter("weight", torch::zeros({options.out, options.in}));
  bias_ = register_parameter("bias", torch::zeros({options.out}));
}

torch::Tensor Dense::forward(const torch::Tensor& x) {
  torch::Tensor y = at::linear(x, weight_, bias_);
  return options_.relu ? at::relu_(y) : y;
}

int64_t Dense::multiply_adds(const torch::Tensor&,
                             const torch::Tensor& output) const {
  return output.numel() * options_.in;
}

BatchNorm::BatchNorm(int64_t features, const BatchNormConfig& config)
    : Layer("BatchNormalization"), config_(config) {
  weight_ = register_parameter("weight", torch::ones({features}));
  bias_ = register_parameter("bias", torch::zeros({features}));
  running_mean_ = register_buffer("running_mean", torch::zeros({features}));
  running_var_ = register_buffer("running_var", torch::ones({features}));
}

torch::Tensor BatchNorm::forward(const torch::Tensor& x) {
  const double fresh = 1.0 - config_.momentum;
  const torch::Tensor before =
      is_training() ? running_var_.clone() : torch::Tensor();
  torch::Tensor y = at::batch_norm(x, weight_, bias_, running_mean_,
                                   running_var_, is_training(), fresh,
                                   config_.epsilon, /*cudnn_enabled=*/true);
  if (is_training()) correct_variance(before, x.numel() / x.size(1));
  return y;
}

// torch has added fresh * n/(n-1) * variance; Keras adds fresh * variance.
void BatchNorm::correct_variance(const torch::Tensor& before, int64_t n) {
  // variable_data(): autograd saved running_var, and would see a change of it.
  const torch::Tensor variance = running_var_.variable_data();
  if (n == 1) {  // 0/0 there; the biased variance is 0, the unbiased unknown
    variance.copy_(before);
    if (config_.biased_variance) variance.mul_(config_.momentum);
  } else if (config_.biased_variance) {
    const double share = static_cast<double>(n - 1) / static_cast<double>(n);
    variance.mul_(share).add_(before, config_.momentum * (1.0 - share));
  }
}

torch::Tensor MaxPool2d::forward(const torch::Tensor& x) {
  return at::max_pool2d(x, {2, 2}, {2, 2});
}

torch::Tensor Dropout::forward(const torch::Tensor& x) {
  return at::dropout(x, rate_, is_training());
}

torch::Tensor Flatten::forward(const torch::Tensor& x) { return x.flatten(1); }

}  // namespace fer
