// A network that can be trained, scored and exported.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fer {

/// What every model of the zoo is. Input: floats `[N, C, H, W]` in [0, 1];
/// output: logits
/// `[N, K]`, or `[N, 1]` for two classes (the logit of label 1).
class Model : public torch::nn::Module {
 public:
  virtual torch::Tensor forward(const torch::Tensor& images) = 0;
};

using ModelPtr = std::shared_ptr<Model>;

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// What training changes, by path: "block1.conv1.weight".
NamedTensors named_parameters(const Model& model);
/// Parameters, then buffers: all that makes the model's answers.
NamedTensors named_tensors(const Model& model);

/// What a model is built for.
struct ModelShape {
  int64_t channels = 1;
  int64_t image_size = 48;
  int64_t classes = 2;

  /// Width of the last layer: one logit is enough for two classes.
  int64_t logits() const { return classes == 2 ? 1 : classes; }
};

}  // namespace fer
