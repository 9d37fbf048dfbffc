#include "models/fused_conv.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <torch/autograd.h>

#include <optional>

#include "kernels/winograd.h"

namespace fer {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;

ConvShape shape_of(const Tensor& x, const Tensor& weight) {
  return {x.size(0), x.size(2),      x.size(3),
          x.size(1), weight.size(0), weight.size(2)};
}

const float* values(const Tensor& x) { return x.const_data_ptr<float>(); }

struct Winograd : torch::autograd::Function<Winograd> {
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const Tensor& weight,
                        const std::optional<Tensor>& bias) {
    const ConvShape shape = shape_of(x, weight);
    const Tensor w = weight.contiguous(kNhwc);
    Tensor y = at::empty({shape.images, shape.out, shape.height, shape.width},
                         x.options(), kNhwc);
    winograd_forward(values(x), values(w), bias ? values(*bias) : nullptr,
                     shape, y.data_ptr<float>());
    context->save_for_backward({x, weight});
    context->saved_data["bias"] = bias.has_value();
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1];
    const ConvShape shape = shape_of(x, weight);
    const Tensor g = gradients[0].contiguous(kNhwc);
    const bool bias =
        context->saved_data["bias"].toBool() && context->needs_input_grad(2);
    Tensor dx, dw, db;
    if (context->needs_input_grad(0)) {
      dx = at::empty_like(x);
      winograd_input_gradient(values(g), values(weight.contiguous(kNhwc)),
                              shape, dx.data_ptr<float>());
    }
    if (context->needs_input_grad(1) || bias) {
      dw = at::empty(weight.sizes(), weight.options(), kNhwc);
      db = at::empty({shape.out}, weight.options());
      winograd_weight_gradient(values(x), values(g), shape,
                               dw.data_ptr<float>(), db.data_ptr<float>());
    }
    return {dx, context->needs_input_grad(1) ? dw : Tensor(),
            bias ? db : Tensor()};
  }
};

bool plain_float(const Tensor& x) {
  return x.device().is_cpu() && x.scalar_type() == torch::kFloat &&
         x.dim() == 4;
}

}  // namespace

bool winograd_takes(const Tensor& x, const Tensor& weight) {
  return plain_float(x) && plain_float(weight) && x.is_contiguous(kNhwc) &&
         !at::autocast::is_autocast_enabled(at::kCPU) &&
         winograd_pays(shape_of(x, weight));
}

Tensor winograd_conv2d(const Tensor& x, const Tensor& weight,
                       const Tensor& bias) {
  return Winograd::apply(
      x, weight, bias.defined() ? std::optional<Tensor>(bias) : std::nullopt);
}

}  // namespace fer
