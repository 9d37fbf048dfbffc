#include "models/conv_taps.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>

#include "kernels/peak_loops.h"

namespace fer {
namespace {

torch::Tensor part(const torch::Tensor& x, int64_t side, int64_t first,
                   int64_t count, int64_t stride) {
  return x.slice(side, first, first + (count - 1) * stride + 1, stride);
}

TapRange range_of(int64_t length, int64_t tap, const ConvStep& step) {
  const int64_t offset = tap - step.padding;  // of position 0
  const int64_t first =
      offset < 0 ? (-offset + step.stride - 1) / step.stride : 0;
  const int64_t last = std::min(conv_positions(length, step) - 1,
                                (length - 1 - offset) / step.stride);
  const bool none = offset > length - 1 || last < first;
  return {first, none ? 0 : last - first + 1, first * step.stride + offset};
}

// Not while a model is traced, where a convolution is to be seen.
bool lies_as_rows(const torch::Tensor& x) {
  return !torch::jit::tracer::isTracing() && x.is_cpu() && x.dim() == 4 &&
         x.numel() > 0 && x.is_contiguous(at::MemoryFormat::ChannelsLast);
}

bool multiplies_bf16_tiles() {
  static const bool can = bf16_unit() == Bf16Unit::kTiles;
  return can;
}

}  // namespace

int64_t conv_positions(int64_t length, const ConvStep& step) {
  const int64_t moves = length + 2 * step.padding - step.kernel;
  return moves < 0 ? 0 : moves / step.stride + 1;
}

torch::Tensor Tap::pixels(const torch::Tensor& x, int64_t stride) const {
  return part(part(x, 1, down.pixel, down.count, stride), 2, across.pixel,
              across.count, stride);
}

torch::Tensor Tap::positions(const torch::Tensor& y) const {
  return part(part(y, 1, down.first, down.count, 1), 2, across.first,
              across.count, 1);
}

void for_each_tap(int64_t height, int64_t width, const ConvStep& step,
                  const std::function<void(const Tap&)>& action) {
  for (int64_t i = 0; i < step.kernel; ++i) {
    const TapRange down = range_of(height, i, step);
    for (int64_t j = 0; j < step.kernel; ++j) {
      const TapRange across = range_of(width, j, step);
      if (down.count > 0 && across.count > 0) action({i, j, down, across});
    }
  }
}

bool products_take(const torch::Tensor& x) {
  const auto type = x.scalar_type();
  return (type == torch::kFloat || type == torch::kDouble) &&
         !at::autocast::is_autocast_enabled(at::kCPU) && lies_as_rows(x);
}

bool bf16_products_take(const torch::Tensor& x) {
  const bool made_so =
      at::autocast::is_autocast_enabled(at::kCPU) &&
      at::autocast::get_autocast_dtype(at::kCPU) == torch::kBFloat16 &&
      x.scalar_type() == torch::kFloat;
  return (made_so || x.scalar_type() == torch::kBFloat16) && lies_as_rows(x) &&
         multiplies_bf16_tiles();
}

}  // namespace fer
