// A model whose forward is any function, for tests of single operators.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <utility>

#include "models/model.h"

namespace fer {

class FunctionModel final : public Model {
 public:
  using Function = std::function<torch::Tensor(const torch::Tensor&)>;
  explicit FunctionModel(Function function) : function_(std::move(function)) {}

  torch::Tensor forward(const torch::Tensor& images) override {
    return function_(images);
  }
  torch::Tensor add_parameter(const char* name, const torch::Tensor& value) {
    return register_parameter(name, value);
  }

 private:
  Function function_;
};

}  // namespace fer
