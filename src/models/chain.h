// Layers that follow one another: as a whole model, or as a part of one.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/fused.h"
#include "models/layers.h"
#include "models/model.h"

namespace fer {

/// Calls its layers in the order in which they were added; Base is Model or
/// Layer.
template <class Base>
class Sequential : public Base {
 public:
  using Base::Base;

  torch::Tensor forward(const torch::Tensor& images) override {
    return run_layers(layers_, images);
  }

  template <class L, class... Args>
  void add(const std::string& name, Args&&... args) {
    append(name, std::make_shared<L>(std::forward<Args>(args)...));
  }
  void append(const std::string& name, std::shared_ptr<Layer> layer) {
    layers_.push_back(this->register_module(name, std::move(layer)));
  }

 private:
  std::vector<std::shared_ptr<Layer>> layers_;
};

/// A model that is one row of layers.
class Chain : public Sequential<Model> {
 protected:
  /// First of all; nothing for pixels that stay as they are.
  void add_input(InputScale scale, int64_t channels) {
    if (scale != InputScale::kUnit) add<InputNorm>("input", scale, channels);
  }
};

/// A part of a model; no row of its own in the summary.
class Part : public Sequential<Layer> {
 public:
  Part() : Sequential<Layer>("") {}
};

}  // namespace fer
