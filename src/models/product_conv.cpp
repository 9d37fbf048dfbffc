#include "models/product_conv.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <torch/autograd.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>

namespace fer {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kLeastChannels = 16;

int64_t places(int64_t length, const ConvStep& step) {
  const int64_t moves = length + 2 * step.padding - step.kernel;
  return moves < 0 ? 0 : moves / step.stride + 1;
}

// Places along one side where a tap meets the picture, and what it sees there:
// place first + i sees pixel seen + i * stride.
struct Overlap {
  int64_t first, count, seen;
};

Overlap overlap(int64_t length, int64_t tap, const ConvStep& step) {
  const int64_t offset = tap - step.padding;  // of place 0
  const int64_t first =
      offset < 0 ? (-offset + step.stride - 1) / step.stride : 0;
  const int64_t last =
      std::min(places(length, step) - 1, (length - 1 - offset) / step.stride);
  const bool none = offset > length - 1 || last < first;
  return {first, none ? 0 : last - first + 1, first * step.stride + offset};
}

Tensor part(const Tensor& x, int64_t side, int64_t first, int64_t count,
            int64_t stride) {
  return x.slice(side, first, first + (count - 1) * stride + 1, stride);
}

// action(pixels, gathered) for every tap: views of x [N, H, W, C] and of
// columns [N, h, w, kernel, kernel, C] of the same shape.
template <class Action>
void over_taps(const Tensor& x, const Tensor& columns, const ConvStep& step,
               const Action& action) {
  for (int64_t i = 0; i < step.kernel; ++i) {
    const Overlap down = overlap(x.size(1), i, step);
    for (int64_t j = 0; j < step.kernel; ++j) {
      const Overlap across = overlap(x.size(2), j, step);
      if (down.count == 0 || across.count == 0) continue;
      const Tensor pixels = part(part(x, 1, down.seen, down.count, step.stride),
                                 2, across.seen, across.count, step.stride);
      const Tensor gathered = part(
          part(columns.select(4, j).select(3, i), 1, down.first, down.count, 1),
          2, across.first, across.count, 1);
      action(pixels, gathered);
    }
  }
}

// What each place of the kernel sees. torch's own gradients of such slices
// would come as whole pictures of zeros, one for each tap.
struct Gathered : torch::autograd::Function<Gathered> {
  static Tensor forward(AutogradContext* context, const Tensor& x,
                        const ConvStep& step) {
    context->saved_data["sizes"] = x.sizes();
    context->saved_data["step"] =
        std::vector<int64_t>{step.kernel, step.stride, step.padding};
    const Tensor columns =
        at::zeros({x.size(0), places(x.size(1), step), places(x.size(2), step),
                   step.kernel, step.kernel, x.size(3)},
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

}  // namespace

bool product_takes(const Tensor& x, const ConvStep& step) {
  const bool pays =
      (step.kernel == 1 && step.padding == 0) ||
      (step.kernel == 3 && step.stride > 1 && x.size(1) >= kLeastChannels);
  const auto type = x.scalar_type();
  return pays && !torch::jit::tracer::isTracing() && x.is_cpu() &&
         (type == torch::kFloat || type == torch::kDouble) &&
         !at::autocast::is_autocast_enabled(at::kCPU) && x.dim() == 4 &&
         x.numel() > 0 && x.is_contiguous(at::MemoryFormat::ChannelsLast) &&
         places(x.size(2), step) > 0 && places(x.size(3), step) > 0;
}

Tensor product_conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                      const ConvStep& step) {
  const int64_t images = x.size(0), height = places(x.size(2), step),
                width = places(x.size(3), step), out = weight.size(0);
  const Tensor pixels = x.permute({0, 2, 3, 1});
  const bool as_they_lie = step.kernel == 1 && step.stride == 1;
  const Tensor rows = as_they_lie ? pixels : Gathered::apply(pixels, step);
  const Tensor factor = weight.permute({0, 2, 3, 1}).reshape({out, -1});
  return at::linear(rows.reshape({images * height * width, -1}), factor, bias)
      .view({images, height, width, out})
      .permute({0, 3, 1, 2});
}

}  // namespace fer
