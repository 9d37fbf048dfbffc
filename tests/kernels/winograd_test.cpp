// Winograd's convolutions against the direct sums in double, on every processor
// target: all four tile schemes, odd pictures, channels that fill no vector.
#include "kernels/winograd.h"

#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"
#include "kernels/products.h"

namespace fer {
namespace {

struct Reference {
  std::vector<double> y, dx, dw, dbias;
};

// work(index into x, into w, into y) for every product of the convolution.
template <class Work>
void over_products(const ConvShape& s, const Work& work) {
  const int64_t half = s.taps / 2;
  for (int64_t pixel = 0; pixel < s.images * s.height * s.width; ++pixel) {
    const int64_t row = pixel / s.width % s.height, column = pixel % s.width;
    for (int64_t tap = 0; tap < s.taps * s.taps; ++tap) {
      const int64_t down = tap / s.taps - half, right = tap % s.taps - half;
      if (row + down < 0 || row + down >= s.height || column + right < 0 ||
          column + right >= s.width)
        continue;
      const int64_t from = pixel + down * s.width + right;
      for (int64_t k = 0; k < s.out; ++k) {
        for (int64_t c = 0; c < s.in; ++c) {
          work(static_cast<size_t>(from * s.in + c),
               static_cast<size_t>((k * s.taps * s.taps + tap) * s.in + c),
               static_cast<size_t>(pixel * s.out + k));
        }
      }
    }
  }
}

Reference reference(const ConvShape& s, const std::vector<double>& x,
                    const std::vector<double>& w,
                    const std::vector<double>& bias,
                    const std::vector<double>& g) {
  Reference r{std::vector<double>(g.size()), std::vector<double>(x.size()),
              std::vector<double>(w.size()), std::vector<double>(bias.size())};
  for (size_t i = 0; i < g.size(); ++i) {
    r.y[i] = bias[i % bias.size()];
    r.dbias[i % bias.size()] += g[i];
  }
  over_products(s, [&](size_t at_x, size_t at_w, size_t at_y) {
    r.y[at_y] += x[at_x] * w[at_w];
    r.dx[at_x] += g[at_y] * w[at_w];
    r.dw[at_w] += x[at_x] * g[at_y];
  });
  return r;
}

struct Values {
  explicit Values(const ConvShape& s)
      : x(stored<float>(drawn(size(s.input()), 1, 0.3))),
        w(stored<float>(
            drawn(static_cast<size_t>(s.out * s.taps * s.taps * s.in), 2))),
        bias(stored<float>(drawn(static_cast<size_t>(s.out), 3))),
        g(stored<float>(drawn(size(s.output()), 4))) {}
  static size_t size(const PictureShape& shape) {
    return static_cast<size_t>(shape.rows().count * shape.channels);
  }
  std::vector<float> x, w, bias, g;
};

double limit(int64_t taps) { return taps == 3 ? 1e-6 : 5e-6; }

void check(const ConvShape& s) {
  SCOPED_TRACE(testing::Message()
               << s.images << " of " << s.height << "x" << s.width << ", "
               << s.in << " to " << s.out << ", " << s.taps << " taps");
  const Values v(s);
  const Reference r =
      reference(s, widened(v.x), widened(v.w), widened(v.bias), widened(v.g));
  std::vector<float> y(v.g.size()), dx(v.x.size()), dw(v.w.size()),
      dbias(v.bias.size());
  winograd_forward(v.x.data(), v.w.data(), v.bias.data(), s, y.data());
  EXPECT_LE(distance(widened(y), r.y), limit(s.taps));
  winograd_input_gradient(v.g.data(), v.w.data(), s, dx.data());
  EXPECT_LE(distance(widened(dx), r.dx), limit(s.taps));
  winograd_weight_gradient(v.x.data(), v.g.data(), s, dw.data(), dbias.data());
  EXPECT_LE(distance(widened(dw), r.dw), limit(s.taps));
  EXPECT_LE(distance(widened(dbias), r.dbias), 1e-6);
}

TEST(Winograd, IsTheConvolutionOnEveryTarget) {
  on_every_target([] {
    check({1, 1, 1, 1, 1, 3});
    check({2, 6, 6, 16, 32, 3});   // F(2x2, 3x3)
    check({16, 8, 8, 32, 16, 3});  // F(4x4, 3x3)
    check({2, 2, 6, 16, 16, 5});   // F(2x2, 5x5)
    check({16, 8, 8, 16, 32, 5});  // F(4x4, 5x5)
  });
}

TEST(Winograd, TakesPicturesThatTilesDoNotDivide) {
  on_every_target([] {
    for (const int64_t taps : {3, 5}) {
      for (const int64_t height : {1, 3, 7}) {
        for (const int64_t width : {2, 5, 13}) {
          check({1, height, width, 5, 19, taps});  // 2x2
          check({64, height, width, 2, 3, taps});  // 4x4, but at the smallest
        }
      }
    }
  });
}

TEST(Winograd, AddsManyBlocksOfTiles) {
  on_every_target([] {
    check({130, 4, 4, 8, 3, 3});  // three blocks in the forward pass
    check({65, 4, 4, 3, 8, 5});
  });
}

// More tiles than a long block for each of the sums: 600 in four, of pictures
// that are empty but for one.
TEST(Winograd, AddsLongBlocksWhereTheSumsAreLarge) {
  const Values v({1, 4, 4, 128, 128, 3});
  std::vector<float> dw(v.w.size()), dbias(v.bias.size());
  const auto gradient = [&](size_t images, size_t image) {
    std::vector<float> x(v.x.size() * images), g(v.g.size() * images);
    std::copy(v.x.begin(), v.x.end(), &x[image * v.x.size()]);
    std::copy(v.g.begin(), v.g.end(), &g[image * v.g.size()]);
    winograd_weight_gradient(x.data(), g.data(),
                             {static_cast<int64_t>(images), 4, 4, 128, 128, 3},
                             dw.data(), dbias.data());
    return dw;
  };
  const std::vector<float> expected = gradient(64, 0);
  for (const size_t image : {0, 143, 144, 149, 150, 599})
    EXPECT_EQ(gradient(600, image), expected) << image;
}

TEST(Winograd, NeedsNoBias) {
  const ConvShape s{1, 5, 5, 3, 4, 3};
  const Values v(s);
  const std::vector<float> zero(4, 0.0f);
  std::vector<float> with(v.g.size()), without(v.g.size());
  winograd_forward(v.x.data(), v.w.data(), zero.data(), s, with.data());
  winograd_forward(v.x.data(), v.w.data(), nullptr, s, without.data());
  EXPECT_EQ(with, without);
}

TEST(Winograd, PaysWithWholeVectorsAndEnoughTiles) {
  EXPECT_TRUE(winograd_pays({64, 48, 48, 32, 32, 5}));
  EXPECT_TRUE(winograd_pays({64, 6, 6, 256, 256, 3}));
  EXPECT_TRUE(winograd_pays({64, 3, 3, 512, 512, 3}));
  EXPECT_FALSE(winograd_pays({64, 48, 48, 1, 32, 5}));
  EXPECT_FALSE(winograd_pays({64, 48, 48, 32, 7, 5}));
  EXPECT_FALSE(winograd_pays({64, 48, 48, 32, 32, 1}));
  EXPECT_FALSE(winograd_pays({64, 48, 48, 32, 32, 7}));
  EXPECT_FALSE(winograd_pays({2, 6, 6, 256, 256, 3}));     // 18 tiles
  EXPECT_FALSE(winograd_pays({1000, 1, 1, 256, 256, 3}));  // 16 products for 9
  on_every_target([] {
    EXPECT_EQ(winograd_pays({64, 48, 48, 32, 32, 5}), product_panel() >= 16);
  });
}

}  // namespace
}  // namespace fer
