// Which pixels the places of a square kernel see: views of pictures
// `[N, H, W, C]`, for convolutions made of matrix products.
#pragma once

#include <torch/types.h>

#include <functional>

namespace fer {

/// A square kernel moves by `stride` over a picture with `padding` zeros on
/// each side.
struct ConvStep {
  int64_t kernel, stride, padding;
};

/// How many positions the kernel has along a side of `length` pixels.
int64_t conv_positions(int64_t length, const ConvStep& step);

/// Along one side: the positions first, first + 1, ... (`count` of them) at
/// which a tap meets the picture, and the pixel that it sees at the first; at
/// the next it sees the one `stride` further on.
struct TapRange {
  int64_t first, count, pixel;
};

/// One tap of the kernel, in row i and column j.
struct Tap {
  int64_t i, j;
  TapRange down, across;

  /// What it sees, `[N, down.count, across.count, C]`: a view.
  torch::Tensor pixels(const torch::Tensor& x, int64_t stride) const;
  /// Where it sees it: a view of a tensor with an entry for each position.
  torch::Tensor positions(const torch::Tensor& y) const;
};

/// action(tap) for each tap that meets pictures of that size somewhere.
void for_each_tap(int64_t height, int64_t width, const ConvStep& step,
                  const std::function<void(const Tap&)>& action);

/// Whether convolutions of x `[N, C, H, W]` may be products: float32 or float64
/// on a CPU outside of autocast, in channels-last order, not empty. Not while a
/// model is traced for export, where a convolution is to be seen.
bool products_take(const torch::Tensor& x);

/// The same for what is computed in bfloat16 (x is, or autocast makes it so),
/// on a CPU whose units multiply tiles of it (AMX): a product is there 5 times
/// as fast as in float32, and torch's convolution of a few pixels is not.
bool bf16_products_take(const torch::Tensor& x);

}  // namespace fer
