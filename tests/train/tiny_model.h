// The smallest networks that train: no BatchNorm and no dropout, so that sums
// can be compared.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "models/initialise.h"
#include "models/layers.h"
#include "models/model.h"
#include "train/optimizer.h"

namespace fer {

/// Conv2d 3x3 (1 -> 4, ReLU), Flatten, Dense, for images `[N, 1, 8, 8]`.
class TinyModel final : public Model {
 public:
  explicit TinyModel(int64_t logits = 1, uint64_t seed = 1) {
    conv_ = register_module(
        "conv", std::make_shared<Conv2d>(Conv2d::Options{.in = 1,
                                                         .out = 4,
                                                         .kernel = 3,
                                                         .stride = 1,
                                                         .bias = true,
                                                         .relu = true}));
    flatten_ = register_module("flatten", std::make_shared<Flatten>());
    dense_ = register_module("dense", std::make_shared<Dense>(Dense::Options{
                                          .in = 256, .out = logits}));
    initialise(*this, Initialiser::kModel, seed);
  }
  torch::Tensor forward(const torch::Tensor& images) override {
    return (*dense_)((*flatten_)((*conv_)(images)));
  }

 private:
  std::shared_ptr<Conv2d> conv_;
  std::shared_ptr<Flatten> flatten_;
  std::shared_ptr<Dense> dense_;
};

/// All parameters in one row.
inline torch::Tensor flat_parameters(const Model& model) {
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& p : model.parameters()) {
    parts.push_back(p.detach().contiguous().flatten().clone());
  }
  return at::cat(parts);
}

/// n images `[n, 1, 8, 8]` in [0, 1), the same at every call.
inline torch::Tensor tiny_images(int64_t n) {
  // Multiples of the golden ratio spread evenly and never repeat.
  return (torch::arange(n * 64, torch::kDouble) * 0.6180339887498949)
      .frac()
      .reshape({n, 1, 8, 8});
}

/// n labels 0, 1, ..., classes - 1, 0, ...
inline torch::Tensor tiny_labels(int64_t n, int64_t classes = 2) {
  return torch::arange(n, torch::kLong).remainder(classes);
}

}  // namespace fer
