#include "models/stochastic_depth.h"

#include <ATen/ATen.h>

namespace fer {

torch::Tensor StochasticDepth::forward(const torch::Tensor& x) {
  if (!is_training() || rate_ == 0) return x;
  std::vector<int64_t> row(static_cast<size_t>(x.dim()), 1);
  row[0] = x.size(0);
  return x * at::dropout(at::ones(row, x.options()), rate_, /*train=*/true);
}

}  // namespace fer
