// Depthwise convolutions against the direct sums in double, on every processor
// target: both strides, odd pictures, channels that fill no vector.
#include "kernels/depthwise.h"

#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"

namespace fer {
namespace {

struct Reference {
  std::vector<double> y, dx, dw;
};

// work(index into x, into w, into y) for every product of one channel.
template <class Work>
void over_products(const DepthwiseShape& s, int64_t channel, const Work& work) {
  const PictureShape in = s.input, out = s.output();
  const auto at = [&](int64_t place) {
    return static_cast<size_t>(place * in.channels + channel);
  };
  for (int64_t pixel = 0; pixel < out.rows().count; ++pixel) {
    const int64_t image = pixel / (out.height * out.width);
    const int64_t top = pixel / out.width % out.height * s.stride - s.padding;
    const int64_t left = pixel % out.width * s.stride - s.padding;
    for (int64_t tap = 0; tap < s.taps * s.taps; ++tap) {
      const int64_t y = top + tap / s.taps, x = left + tap % s.taps;
      if (y < 0 || y >= in.height || x < 0 || x >= in.width) continue;
      work(at((image * in.height + y) * in.width + x), at(tap), at(pixel));
    }
  }
}

Reference reference(const DepthwiseShape& s, const std::vector<double>& x,
                    const std::vector<double>& w,
                    const std::vector<double>& g) {
  Reference r{std::vector<double>(g.size()), std::vector<double>(x.size()),
              std::vector<double>(w.size())};
  for (int64_t c = 0; c < s.input.channels; ++c) {
    over_products(s, c, [&](size_t at_x, size_t at_w, size_t at_y) {
      r.y[at_y] += x[at_x] * w[at_w];
      r.dx[at_x] += g[at_y] * w[at_w];
      r.dw[at_w] += x[at_x] * g[at_y];
    });
  }
  return r;
}

size_t size_of(const PictureShape& shape) {
  return static_cast<size_t>(shape.rows().count * shape.channels);
}

void check(const DepthwiseShape& s) {
  SCOPED_TRACE(testing::Message()
               << s.input.images << " of " << s.input.height << "x"
               << s.input.width << ", " << s.input.channels << " channels, "
               << s.taps << " taps, stride " << s.stride << ", padding "
               << s.padding);
  const auto x = stored<float>(drawn(size_of(s.input), 1, 0.3));
  const auto w = stored<float>(
      drawn(static_cast<size_t>(s.taps * s.taps * s.input.channels), 2));
  const auto g = stored<float>(drawn(size_of(s.output()), 3));
  const Reference r = reference(s, widened(x), widened(w), widened(g));
  std::vector<float> y(g.size(), -1), dx(x.size(), -1), dw(w.size(), -1);
  depthwise_forward(x.data(), w.data(), s, y.data());
  EXPECT_LE(distance(widened(y), r.y), 5e-7);
  depthwise_input_gradient(g.data(), w.data(), s, dx.data());
  EXPECT_LE(distance(widened(dx), r.dx), 5e-7);
  depthwise_weight_gradient(x.data(), g.data(), s, dw.data());
  EXPECT_LE(distance(widened(dw), r.dw), 1e-6);
}

// As at::conv2d pads, `padding` on each side.
DepthwiseShape padded(const PictureShape& input, int64_t taps, int64_t stride,
                      int64_t padding) {
  return {input,
          (input.height + 2 * padding - taps) / stride + 1,
          (input.width + 2 * padding - taps) / stride + 1,
          taps,
          stride,
          padding};
}

TEST(Depthwise, IsTheConvolutionOnEveryTarget) {
  on_every_target([] {
    for (const int64_t taps : {3, 5}) {
      for (const int64_t stride : {1, 2}) {
        for (const int64_t width : {1, 2, 3, 4, 5, 6, 9, 13}) {
          check(padded({2, 3, width, 19}, taps, stride, taps / 2));
          check(padded({2, width, 2, 40}, taps, stride, taps / 2));
        }
      }
    }
  });
}

TEST(Depthwise, TakesAnyPadding) {
  on_every_target([] {
    for (const int64_t taps : {3, 5}) {
      for (const int64_t stride : {1, 2}) {
        for (int64_t padding = 0; padding < taps; ++padding)
          check(padded({2, 7, 8, 24}, taps, stride, padding));
      }
    }
  });
}

TEST(Depthwise, AddsManyPartsOfAWeightGradient) {
  on_every_target([] {
    check(padded({40, 12, 12, 9}, 3, 1, 1));
    check(padded({40, 9, 9, 9}, 5, 2, 2));
  });
}

}  // namespace
}  // namespace fer
