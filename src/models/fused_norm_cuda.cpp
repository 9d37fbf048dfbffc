#include "models/fused_norm_cuda.h"

#include <ATen/ATen.h>
#include <torch/autograd.h>

#include "core/error.h"
#include "cuda/backend.h"
#include "models/norm_tensors.h"

namespace fer {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

Tensor floats(at::IntArrayRef sizes, const Tensor& x) {
  return at::empty(sizes, x.options().dtype(torch::kFloat));
}

// Given to the kernels and back to torch's memory, which keeps it until they
// have run.
Tensor workspace(const Tensor& x) {
  return at::empty({norm_workspace(pictures_of(x).rows())},
                   x.options().dtype(torch::kDouble));
}

CudaNormInput input_of(const Tensor& x, Rectify rectify, const Tensor& table,
                       const Tensor& sums) {
  return {.shape = pictures_of(x),
          .bf16 = x.scalar_type() == torch::kBFloat16,
          .rectify = rectify,
          .x = x.data_ptr(),
          .table = table_of(table),
          .sums = values<double>(sums)};
}

CudaNormLayer layer_of(const BatchNorm::Parts& norm) {
  return {.weight = values<float>(norm.weight),
          .bias = values<float>(norm.bias),
          .running_mean = values<float>(norm.running_mean),
          .running_var = values<float>(norm.running_var),
          .epsilon = norm.rule.epsilon,
          .momentum = norm.rule.momentum,
          .biased_variance = norm.rule.biased_variance};
}

// The table `[4, C]` that the backward pass needs.
Tensor forward_pass(const BatchNorm::Parts& norm, const Tensor& x,
                    Rectify rectify, const CudaPool* pool, const Tensor& y) {
  const Tensor table = floats({4, x.size(1)}, x), sums = workspace(x);
  const CudaNormForward pass{input_of(x, rectify, table, sums), layer_of(norm),
                             y.data_ptr()};
  check_queued(cuda_module().norm_forward(&pass, pool));
  return table;
}

// Gradients of x, weight and bias, and of what has none.
variable_list backward_pass(const Tensor& gradient, const Tensor& x,
                            Rectify rectify, const Tensor& table,
                            const CudaPool* pool) {
  const Tensor g = arranged(gradient, x), dx = at::empty_like(x);
  const Tensor dweight = floats({x.size(1)}, x), dbias = floats({x.size(1)}, x);
  const Tensor coefficients = floats({3, x.size(1)}, x), sums = workspace(x);
  const CudaNormBackward pass{.in = input_of(x, rectify, table, sums),
                              .gradient = g.data_ptr(),
                              .dx = dx.data_ptr(),
                              .dweight = values<float>(dweight),
                              .dbias = values<float>(dbias),
                              .coefficients = values<float>(coefficients)};
  check_queued(cuda_module().norm_backward(&pass, pool));
  return {dx, dweight, dbias, Tensor(), Tensor()};
}

struct CudaNorm : torch::autograd::Function<CudaNorm> {
  // weight and bias stand beside `norm` so that autograd sees them.
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const Tensor& /*weight*/, const Tensor& /*bias*/,
                        const BatchNorm::Parts& norm, Rectify rectify) {
    const Tensor y = at::empty_like(x);
    const Tensor table = forward_pass(norm, x, rectify, nullptr, y);
    context->save_for_backward({x, table});
    context->saved_data["rectify"] = static_cast<int64_t>(rectify);
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const auto rectify =
        static_cast<Rectify>(context->saved_data["rectify"].toInt());
    return backward_pass(gradients[0], saved[0], rectify, saved[1], nullptr);
  }
};

struct CudaNormPool : torch::autograd::Function<CudaNormPool> {
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const Tensor& /*weight*/, const Tensor& /*bias*/,
                        const BatchNorm::Parts& norm, double rate) {
    const Tensor y = empty_pooled(x);
    const Tensor winner = at::empty_like(y);
    const Tensor choice = at::empty_like(y, torch::kByte);
    const Tensor key = at::empty({1}, x.options().dtype(torch::kLong));
    if (rate > 0) key.random_();
    const CudaPool pool{.winner = winner.data_ptr(),
                        .choice = values<uint8_t>(choice),
                        .rate = rate,
                        .key = values<uint64_t>(key)};
    const Tensor table = forward_pass(norm, x, Rectify::kBefore, &pool, y);
    context->save_for_backward({x, table, winner, choice});
    context->saved_data["rate"] = rate;
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const CudaPool pool{.winner = saved[2].data_ptr(),
                        .choice = values<uint8_t>(saved[3]),
                        .rate = context->saved_data["rate"].toDouble()};
    return backward_pass(gradients[0], saved[0], Rectify::kBefore, saved[1],
                         &pool);
  }
};

}  // namespace

bool cuda_takes(const Tensor& x) {
  return x.numel() / x.size(1) < int64_t{1} << 31 && x.numel() < int64_t{1}
                                                                     << 34;
}

Tensor cuda_fused_norm(const BatchNorm::Parts& norm, const Tensor& x,
                       Rectify rectify) {
  return CudaNorm::apply(x, norm.weight, norm.bias, norm, rectify);
}

Tensor cuda_fused_norm_pool(const BatchNorm::Parts& norm, const Tensor& x,
                            double dropout_rate) {
  return CudaNormPool::apply(x, norm.weight, norm.bias, norm, dropout_rate);
}

void check_queued(const char* error) {
  if (!error) return;
  fail<Error>(
      "[fused] expected the GPU to take a pass of batch normalisation; got "
      "'{}'. Set train.cuda_fused: false, or see `ferbench doctor`.",
      error);
}

}  // namespace fer
