// Stochastic depth (Huang et al., arXiv:1603.09382).
#pragma once

#include "models/layers.h"

namespace fer {

/// In training, zeroes the whole row `x[n]` with probability `rate` and scales
/// the other rows by 1 / (1 - rate): timm's DropPath, torchvision's
/// StochasticDepth "row".
class StochasticDepth final : public Layer {
 public:
  explicit StochasticDepth(double rate) : Layer(""), rate_(rate) {}
  torch::Tensor forward(const torch::Tensor& x) override;

 private:
  double rate_;
};

/// The rate of block `index` of `count`: from 0 in the first towards `last`,
/// which is reached at `index == end`.
inline double depth_rate(double last, int64_t index, int64_t end) {
  return end > 0 ? last * static_cast<double>(index) / static_cast<double>(end)
                 : 0.0;
}

}  // namespace fer
