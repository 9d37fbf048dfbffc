#include "models/fused_norm.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/autograd.h>

#include <optional>

#include "kernels/batch_norm.h"
#include "kernels/dropout_mask.h"
#include "kernels/pooled_batch_norm.h"
#include "models/fused_norm_cuda.h"
#include "models/norm_tensors.h"

namespace fer {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

RowShape rows_of(const Tensor& x) { return pictures_of(x).rows(); }

// action(T{}) with the storage type of x.
template <class Action>
void by_storage(const Tensor& x, const Action& action) {
  if (x.scalar_type() == torch::kBFloat16) {
    action(Bf16{});
  } else {
    action(float{});
  }
}

void move_on(const BatchNorm::Parts& norm, const Moments& batch, int64_t n) {
  const double fresh = 1.0 - norm.rule.momentum;
  const double share =
      norm.rule.biased_variance
          ? 1.0
          : static_cast<double>(n) / static_cast<double>(n - 1);
  float* mean = values<float>(norm.running_mean);
  float* variance = values<float>(norm.running_var);
  for (size_t c = 0; c < batch.mean.size(); ++c) {
    mean[c] = static_cast<float>(norm.rule.momentum * mean[c] +
                                 fresh * batch.mean[c]);
    variance[c] = static_cast<float>(norm.rule.momentum * variance[c] +
                                     fresh * share * batch.variance[c]);
  }
}

// Statistics of the batch, the running ones moved on; the table `[4, C]`.
Tensor batch_table(const BatchNorm::Parts& norm, const Tensor& x,
                   Rectify rectify) {
  const RowShape rows = rows_of(x);
  Moments batch;
  by_storage(x, [&](auto type) {
    batch = moments(values<decltype(type)>(x), rows, rectify);
  });
  const Tensor table = at::empty({4, rows.channels}, torch::kFloat);
  fill_table(batch, values<float>(norm.weight), values<float>(norm.bias),
             norm.rule.epsilon, table_of(table));
  move_on(norm, batch, rows.count);
  return table;
}

// Gradients of weight and bias: sum of g n, and of g.
std::pair<Tensor, Tensor> parameter_gradients(const GradientSums& sums,
                                              const NormTable& table) {
  const auto channels = static_cast<int64_t>(sums.gradient.size());
  Tensor weight = at::empty({channels}, torch::kFloat);
  Tensor bias = at::empty({channels}, torch::kFloat);
  for (size_t c = 0; c < sums.gradient.size(); ++c) {
    values<float>(weight)[c] = static_cast<float>(
        sums.product[c] * static_cast<double>(table.inverse[c]));
    values<float>(bias)[c] = static_cast<float>(sums.gradient[c]);
  }
  return {weight, bias};
}

struct Norm : torch::autograd::Function<Norm> {
  // weight and bias stand beside `norm` so that autograd sees them.
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const Tensor& /*weight*/, const Tensor& /*bias*/,
                        const BatchNorm::Parts& norm, Rectify rectify) {
    const Tensor table = batch_table(norm, x, rectify);
    Tensor y = at::empty_like(x);
    by_storage(x, [&](auto type) {
      using T = decltype(type);
      normalise(values<T>(x), rows_of(x), rectify, table_of(table),
                values<T>(y));
    });
    context->save_for_backward({x, table});
    context->saved_data["rectify"] = static_cast<int64_t>(rectify);
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], g = arranged(gradients[0], x);
    const NormTable table = table_of(saved[1]);
    const auto rectify =
        static_cast<Rectify>(context->saved_data["rectify"].toInt());
    Tensor dx = at::empty_like(x);
    GradientSums sums;
    by_storage(x, [&](auto type) {
      using T = decltype(type);
      const RowShape rows = rows_of(x);
      sums = gradient_sums(values<T>(g), values<T>(x), rows, rectify, table,
                           values<T>(dx));
      const Tensor& opened = rectify == Rectify::kSwishAfter ? dx : g;
      input_gradient(values<T>(opened), values<T>(x), rows, rectify, table,
                     gradient_table(sums, rows.count, table), values<T>(dx));
    });
    const auto [weight, bias] = parameter_gradients(sums, table);
    return {dx, weight, bias, Tensor(), Tensor()};
  }
};

// Another number for every call; the generator's state is in the checkpoint.
uint64_t dropout_key() {
  auto generator = at::detail::getDefaultCPUGenerator();
  const std::lock_guard<std::mutex> lock(generator.mutex());
  return at::check_generator<at::CPUGeneratorImpl>(generator)->random64();
}

// The tables of a normalisation that leaves values and gradients as they are.
Tensor identity_table(int64_t channels) {
  Tensor table = at::zeros({4, channels}, torch::kFloat);
  table.slice(0, 1, 3).fill_(1);  // inverse, scale
  return table;
}

GradientTable identity_gradient(int64_t channels) {
  const auto n = static_cast<size_t>(channels);
  return {std::vector<float>(n, 1), std::vector<float>(n),
          std::vector<float>(n)};
}

struct NormPool : torch::autograd::Function<NormPool> {
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const std::optional<Tensor>& /*weight*/,
                        const std::optional<Tensor>& /*bias*/,
                        const std::optional<BatchNorm::Parts>& norm,
                        double rate) {
    const Tensor table = norm ? batch_table(*norm, x, Rectify::kBefore)
                              : identity_table(x.size(1));
    const PictureShape shape = pictures_of(x);
    Tensor y = empty_pooled(x);
    const Tensor winner = at::empty_like(y);
    const Tensor choice = at::empty_like(y, torch::kByte);
    dropout_mask(rate > 0 ? dropout_key() : 0, rate, y.numel(),
                 values<uint8_t>(choice));
    by_storage(x, [&](auto type) {
      using T = decltype(type);
      normalise_pool(values<T>(x), shape, table_of(table), dropout_factor(rate),
                     values<uint8_t>(choice), values<T>(winner), values<T>(y));
    });
    context->save_for_backward({x, table, winner, choice});
    context->saved_data["rate"] = rate;
    context->saved_data["norm"] = norm.has_value();
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &winner = saved[2], &choice = saved[3];
    const Tensor g = arranged(gradients[0], x);
    const NormTable table = table_of(saved[1]);
    const float scale = dropout_factor(context->saved_data["rate"].toDouble());
    const bool norm = context->saved_data["norm"].toBool();
    Tensor dx = at::empty_like(x);
    GradientSums sums;
    by_storage(x, [&](auto type) {
      using T = decltype(type);
      if (norm) {
        sums = pooled_gradient_sums(values<T>(g), values<T>(winner),
                                    values<uint8_t>(choice), rows_of(g), scale,
                                    table);
      }
      pooled_input_gradient(values<T>(g), values<uint8_t>(choice), values<T>(x),
                            pictures_of(x), scale, table,
                            norm ? gradient_table(sums, rows_of(x).count, table)
                                 : identity_gradient(x.size(1)),
                            values<T>(dx));
    });
    if (!norm) return {dx, Tensor(), Tensor(), Tensor(), Tensor()};
    const auto [weight, bias] = parameter_gradients(sums, table);
    return {dx, weight, bias, Tensor(), Tensor()};
  }
};

}  // namespace

bool fusable(const Tensor& x) {
  const auto type = x.scalar_type();
  const bool rows = (x.dim() == 2 || x.dim() == 4) &&
                    x.is_contiguous(format_of(x)) && x.numel() > x.size(1);
  if (!rows || (type != torch::kFloat && type != torch::kBFloat16))
    return false;
  return x.is_cpu() || (x.is_cuda() && cuda_takes(x));
}

Tensor fused_norm(const BatchNorm::Parts& norm, const Tensor& x,
                  Rectify rectify) {
  if (x.is_cuda() && rectify == Rectify::kSwishAfter)
    return at::silu(cuda_fused_norm(norm, x, Rectify::kNone));
  if (x.is_cuda()) return cuda_fused_norm(norm, x, rectify);
  return Norm::apply(x, norm.weight, norm.bias, norm, rectify);
}

Tensor fused_norm_pool(const BatchNorm::Parts& norm, const Tensor& x,
                       double dropout_rate) {
  if (x.is_cuda()) return cuda_fused_norm_pool(norm, x, dropout_rate);
  return NormPool::apply(x, std::optional(norm.weight),
                         std::optional(norm.bias), std::optional(norm),
                         dropout_rate);
}

Tensor fused_relu_pool(const Tensor& x, double dropout_rate) {
  return NormPool::apply(x, std::optional<Tensor>(), std::optional<Tensor>(),
                         std::optional<BatchNorm::Parts>(), dropout_rate);
}

}  // namespace fer
