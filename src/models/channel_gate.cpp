#include "models/channel_gate.h"

#include <ATen/ATen.h>
#include <torch/autograd.h>

#include "kernels/channel_gate.h"
#include "models/conv_taps.h"
#include "models/norm_tensors.h"

namespace fer {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// One number per picture and channel; in memory `[N, C]`, whatever the strides.
Tensor empty_means(const Tensor& x) {
  return at::empty({x.size(0), x.size(1), 1, 1}, x.options());
}

struct Means : torch::autograd::Function<Means> {
  static variable_list forward(AutogradContext* /*context*/, const Tensor& x) {
    const Tensor mean = empty_means(x);
    channel_means(values<float>(x), pictures_of(x), values<float>(mean));
    return {x, mean};
  }

  static variable_list backward(AutogradContext* /*context*/,
                                const variable_list& gradients) {
    // Of both outputs: torch fills in zeros for one that was not used.
    const Tensor g = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const Tensor dmean = gradients[1].contiguous();
    const Tensor dx = at::empty_like(g);
    channel_means_gradient(values<float>(g), values<float>(dmean),
                           pictures_of(g), values<float>(dx));
    return {dx};
  }
};

struct Gated : torch::autograd::Function<Gated> {
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const Tensor& gate) {
    const Tensor factors = gate.contiguous();
    Tensor y = at::empty_like(x);
    channel_gate(values<float>(x), values<float>(factors), pictures_of(x),
                 values<float>(y));
    context->save_for_backward({x, gate});
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], factors = saved[1].contiguous();
    const Tensor g = arranged(gradients[0], x);
    const Tensor dx = at::empty_like(x), dgate = empty_means(x);
    channel_gate_gradient(values<float>(g), values<float>(x),
                          values<float>(factors), pictures_of(x),
                          values<float>(dx), values<float>(dgate));
    return {dx, dgate};
  }
};

}  // namespace

bool gate_takes(const Tensor& x) {
  return products_take(x) && x.scalar_type() == torch::kFloat;
}

PixelsAndMean with_channel_means(const Tensor& x) {
  const variable_list both = Means::apply(x);
  return {both[0], both[1]};
}

Tensor channel_gated(const Tensor& x, const Tensor& gate) {
  return Gated::apply(x, gate);
}

}  // namespace fer
