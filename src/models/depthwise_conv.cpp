#include "models/depthwise_conv.h"

#include <ATen/ATen.h>
#include <torch/autograd.h>

#include "kernels/depthwise.h"
#include "models/norm_tensors.h"

namespace fer {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;

DepthwiseShape shape_of(const Tensor& x, const ConvStep& step) {
  return {pictures_of(x),
          conv_positions(x.size(2), step),
          conv_positions(x.size(3), step),
          step.kernel,
          step.stride,
          step.padding};
}

// As the kernels take weights: [k, k, C], and back.
Tensor by_taps(const Tensor& weight) {
  return weight.squeeze(1).permute({1, 2, 0}).contiguous();
}
Tensor by_channels(const Tensor& taps) {
  return taps.permute({2, 0, 1}).unsqueeze(1).contiguous();
}

struct Depthwise : torch::autograd::Function<Depthwise> {
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const Tensor& weight, const ConvStep& step) {
    const DepthwiseShape shape = shape_of(x, step);
    const Tensor w = by_taps(weight);
    Tensor y =
        at::empty({x.size(0), x.size(1), shape.out_height, shape.out_width},
                  x.options(), kNhwc);
    depthwise_forward(values<float>(x), values<float>(w), shape,
                      values<float>(y));
    context->save_for_backward({x, w});
    context->saved_data["step"] =
        std::vector<int64_t>{step.kernel, step.stride, step.padding};
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &w = saved[1];
    const auto step = context->saved_data["step"].toIntVector();
    const DepthwiseShape shape = shape_of(x, {step[0], step[1], step[2]});
    const Tensor g = gradients[0].contiguous(kNhwc);
    Tensor dx, dw;
    if (context->needs_input_grad(0)) {
      dx = at::empty_like(x);
      depthwise_input_gradient(values<float>(g), values<float>(w), shape,
                               values<float>(dx));
    }
    if (context->needs_input_grad(1)) {
      const Tensor taps = at::empty_like(w);
      depthwise_weight_gradient(values<float>(x), values<float>(g), shape,
                                values<float>(taps));
      dw = by_channels(taps);
    }
    return {dx, dw, Tensor()};
  }
};

}  // namespace

bool depthwise_takes(const Tensor& x, const Tensor& weight,
                     const ConvStep& step) {
  return products_take(x) && x.scalar_type() == torch::kFloat &&
         weight.scalar_type() == torch::kFloat && weight.size(1) == 1 &&
         weight.size(0) == x.size(1) &&
         (step.kernel == 3 || step.kernel == 5) &&
         (step.stride == 1 || step.stride == 2) && step.padding < step.kernel &&
         conv_positions(x.size(2), step) > 0 &&
         conv_positions(x.size(3), step) > 0;
}

Tensor depthwise_conv2d(const Tensor& x, const Tensor& weight,
                        const ConvStep& step) {
  return Depthwise::apply(x, weight, step);
}

}  // namespace fer
