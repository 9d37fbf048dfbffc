// The example of docs/own_model.md: a model of one's own.
#pragma once

#include <torch/torch.h>

#include "models/model.h"

namespace fer {

/// Two convolutions, one of them with a shortcut, then one logit per class.
class OwnModel final : public Model {
 public:
  explicit OwnModel(const ModelShape& shape) {
    stem_ = register_module(
        "stem",
        torch::nn::Conv2d(
            torch::nn::Conv2dOptions(shape.channels, 16, 3).padding(1)));
    norm_ = register_module("norm", torch::nn::BatchNorm2d(16));
    mix_ = register_module(
        "mix",
        torch::nn::Conv2d(torch::nn::Conv2dOptions(16, 16, 3).padding(1)));
    head_ = register_module("head", torch::nn::Linear(16, shape.logits()));
  }

  /// Floats [N, C, H, W] in [0, 1] to logits [N, K].
  torch::Tensor forward(const torch::Tensor& images) override {
    torch::Tensor x = torch::relu(norm_(stem_(images)));
    x = torch::max_pool2d(x, 2);
    x = x + torch::relu(mix_(x));
    return head_(x.mean({2, 3}));
  }

 private:
  torch::nn::Conv2d stem_{nullptr}, mix_{nullptr};
  torch::nn::BatchNorm2d norm_{nullptr};
  torch::nn::Linear head_{nullptr};
};

}  // namespace fer
