#include "models/product_conv.h"

#include <ATen/ATen.h>
#include <torch/autograd.h>

namespace fer {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kLeastChannels = 16;
constexpr int64_t kManyChannels = 512;

// action(pixels, gathered) for every tap: views of x [N, H, W, C] and of
// columns [N, h, w, kernel, kernel, C] of the same shape.
template <class Action>
void over_taps(const Tensor& x, const Tensor& columns, const ConvStep& step,
               const Action& action) {
  for_each_tap(x.size(1), x.size(2), step, [&](const Tap& tap) {
    action(tap.pixels(x, step.stride),
           tap.positions(columns.select(4, tap.j).select(3, tap.i)));
  });
}

// What each place of the kernel sees. torch's own gradients of such slices
// would come as whole pictures of zeros, one for each tap.
struct Gathered : torch::autograd::Function<Gathered> {
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const ConvStep& step) {
    context->saved_data["sizes"] = x.sizes();
    context->saved_data["step"] =
        std::vector<int64_t>{step.kernel, step.stride, step.padding};
    const Tensor columns = at::zeros(
        {x.size(0), conv_positions(x.size(1), step),
         conv_positions(x.size(2), step), step.kernel, step.kernel, x.size(3)},
        x.options());
    over_taps(x, columns, step,
              [](const Tensor& pixels, const Tensor& gathered) {
                gathered.copy_(pixels);
              });
    return columns;
  }

  static variable_list backward(AutogradContext* context,
                                const variable_list& gradients) {
    const auto saved = context->saved_data["step"].toIntVector();
    const Tensor dx = at::zeros(context->saved_data["sizes"].toIntVector(),
                                gradients[0].options());
    over_taps(dx, gradients[0], {saved[0], saved[1], saved[2]},
              [](const Tensor& pixels, const Tensor& gathered) {
                pixels.add_(gathered);
              });
    return {dx, Tensor()};
  }
};

// Where oneDNN's convolution in bf16, above all its weight gradient, is slower
// than a product over gathered pixels.
bool small_map(const Tensor& x) {
  const int64_t side = x.size(1) >= kManyChannels ? 6 : 3;
  return x.size(2) <= side && x.size(3) <= side;
}

}  // namespace

bool product_takes(const Tensor& x, const ConvStep& step) {
  const bool bf16 = bf16_products_take(x);
  if (!bf16 && !products_take(x)) return false;
  const bool pays =
      (step.kernel == 1 && step.padding == 0) ||
      (step.kernel == 3 && x.size(1) >= kLeastChannels &&
       (step.stride > 1 || (bf16 && small_map(x) && step.padding == 1)));
  return pays && conv_positions(x.size(2), step) > 0 &&
         conv_positions(x.size(3), step) > 0;
}

Tensor product_conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                      const ConvStep& step) {
  const int64_t images = x.size(0), height = conv_positions(x.size(2), step),
                width = conv_positions(x.size(3), step), out = weight.size(0);
  const Tensor pixels = x.permute({0, 2, 3, 1});
  const bool as_they_lie = step.kernel == 1 && step.stride == 1;
  const Tensor rows = as_they_lie ? pixels : Gathered::apply(pixels, step);
  const Tensor factor = weight.permute({0, 2, 3, 1}).reshape({out, -1});
  return at::linear(rows.reshape({images * height * width, -1}), factor, bias)
      .view({images, height, width, out})
      .permute({0, 3, 1, 2});
}

}  // namespace fer
