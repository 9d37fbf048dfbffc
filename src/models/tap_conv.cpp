#include "models/tap_conv.h"

#include <ATen/ATen.h>
#include <torch/autograd.h>

#include <optional>

namespace fer {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr ConvStep kStep{3, 1, 1};
constexpr int64_t kLargestMap = 3;  // 4x4: Winograd's tiles take 36, not 100
constexpr int64_t kLeastChannels = 16;

void for_taps_of(const Tensor& x, const std::function<void(const Tap&)>& act) {
  for_each_tap(x.size(1), x.size(2), kStep, act);
}

// Pixels `[N, h, w, C]` as the rows of a matrix.
Tensor rows(const Tensor& pixels) {
  return pixels.reshape({-1, pixels.size(3)});
}

// The matrix `[out, C]` of a tap of weights `[out, 3, 3, C]`.
Tensor matrix(const Tensor& weight, const Tap& tap) {
  return weight.select(1, tap.i).select(1, tap.j);
}

// x and the result `[N, H, W, C]`, weight `[out, 3, 3, C]`.
struct Taps : torch::autograd::Function<Taps> {
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const Tensor& weight,
                        const std::optional<Tensor>& bias) {
    Tensor y = at::zeros({x.size(0), x.size(1), x.size(2), weight.size(0)},
                         x.options());
    if (bias) y += *bias;
    for_taps_of(x, [&](const Tap& tap) {
      const Tensor at = tap.positions(y);
      at.add_(
          rows(tap.pixels(x, 1)).mm(matrix(weight, tap).t()).view(at.sizes()));
    });
    context->save_for_backward({x, weight});
    context->saved_data["bias"] = bias.has_value();
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], &g = gradients[0];
    const bool bias =
        context->saved_data["bias"].toBool() && context->needs_input_grad(2);
    Tensor dx, dw;
    if (context->needs_input_grad(0)) dx = at::zeros_like(x);
    if (context->needs_input_grad(1)) dw = at::zeros_like(weight);
    for_taps_of(x, [&](const Tap& tap) {
      const Tensor from = rows(tap.positions(g));
      if (dx.defined()) {
        const Tensor at = tap.pixels(dx, 1);
        at.add_(from.mm(matrix(weight, tap)).view(at.sizes()));
      }
      if (dw.defined()) {
        Tensor at = matrix(dw, tap);
        at::mm_out(at, from.t(), rows(tap.pixels(x, 1)));
      }
    });
    return {dx, dw, bias ? rows(g).sum(0) : Tensor()};
  }
};

}  // namespace

bool taps_take(const Tensor& x, const ConvStep& step) {
  return step.kernel == kStep.kernel && step.stride == kStep.stride &&
         step.padding == kStep.padding && products_take(x) &&
         x.size(1) >= kLeastChannels && x.size(2) <= kLargestMap &&
         x.size(3) <= kLargestMap;
}

Tensor tap_conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return Taps::apply(
             x.permute({0, 2, 3, 1}), weight.permute({0, 2, 3, 1}),
             bias.defined() ? std::optional<Tensor>(bias) : std::nullopt)
      .permute({0, 3, 1, 2});
}

}  // namespace fer
