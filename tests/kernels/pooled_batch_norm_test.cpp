// ReLU, normalisation, pooling and dropout in one pass against the same steps
// one by one in double, with odd picture sizes and channels that fill no
// vector.
#include "kernels/pooled_batch_norm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/dropout_mask.h"
#include "kernels/kernel_cases.h"

namespace fer {
namespace {

constexpr double kRate = 0.4;
constexpr auto kFactor = static_cast<float>(1 / (1 - kRate));

// One case: inputs, and what the kernels make of them.
template <class T>
struct Pooled {
  Pooled(PictureShape s, uint64_t seed)
      : shape(s),
        table_memory(static_cast<size_t>(s.channels)),
        x(stored<T>(drawn(size(s), seed, 0.3))),
        g(stored<T>(drawn(size(s.pooled()), seed + 1, 0.1))),
        choice(g.size()),
        winner(g.size()),
        y(g.size()),
        dx(x.size()) {
    const auto channels = static_cast<size_t>(s.channels);
    const auto weight = stored<float>(drawn(channels, seed + 2, 0.3));
    const auto bias = stored<float>(drawn(channels, seed + 3));
    table = table_memory.view();
    fill_table(moments(x.data(), s.rows(), Rectify::kBefore), weight.data(),
               bias.data(), 1e-3, table);
    dropout_mask(seed, kRate, static_cast<int64_t>(g.size()), choice.data());
    keep = choice;
    normalise_pool(x.data(), s, table, kFactor, choice.data(), winner.data(),
                   y.data());
    sums = pooled_gradient_sums(g.data(), winner.data(), choice.data(),
                                s.pooled().rows(), kFactor, table);
    coefficients = gradient_table(sums, s.rows().count, table);
    pooled_input_gradient(g.data(), choice.data(), x.data(), s, kFactor, table,
                          coefficients, dx.data());
  }

  static size_t size(PictureShape s) {
    return static_cast<size_t>(s.rows().count * s.channels);
  }

  PictureShape shape;
  TableMemory table_memory;
  NormTable table;
  std::vector<T> x, g;
  std::vector<uint8_t> choice, keep;
  std::vector<T> winner, y, dx;
  GradientSums sums;
  GradientTable coefficients;
};

// The same one step after the other: y, and the gradient of the normalised
// values, spread back over their windows.
struct Steps {
  std::vector<double> y, spread;
};

template <class T>
Steps steps(const Pooled<T>& p) {
  const PictureShape s = p.shape, half = s.pooled();
  Steps result{std::vector<double>(p.g.size()),
               std::vector<double>(p.x.size(), 0.0)};
  const auto x = widened(p.x), g = widened(p.g);
  for (size_t i = 0; i < p.g.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    const int64_t c = at % s.channels, column = at / s.channels % half.width;
    const int64_t row = at / s.channels / half.width % half.height;
    const int64_t image = at / s.channels / half.width / half.height;
    double best = -std::numeric_limits<double>::infinity();
    size_t best_at = 0;
    for (const int64_t k : {0, 1, 2, 3}) {
      const auto from =
          static_cast<size_t>(((image * s.height + 2 * row + k / 2) * s.width +
                               2 * column + k % 2) *
                                  s.channels +
                              c);
      const double value =
          static_cast<double>(p.table.scale[c]) * std::max(x[from], 0.0) +
          static_cast<double>(p.table.shift[c]);
      if (value > best) {
        best = value;
        best_at = from;
      }
    }
    const double factor = p.keep[i] ? 1 / (1 - kRate) : 0;
    result.y[i] = best * factor;
    result.spread[best_at] += g[i] * factor;
  }
  return result;
}

template <class T>
void check(PictureShape shape) {
  SCOPED_TRACE(testing::Message()
               << shape.height << "x" << shape.width << "x" << shape.channels);
  const Pooled<T> p(shape, 11);
  const Steps expected = steps(p);
  EXPECT_LE(distance(widened(p.y), expected.y), tolerance<T>());

  const auto channels = static_cast<size_t>(shape.channels);
  std::vector<double> gradient(channels, 0.0), product(channels, 0.0);
  std::vector<double> dx = widened(p.x);
  const auto x = widened(p.x);
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t c = i % channels;
    gradient[c] += expected.spread[i];
    product[c] += expected.spread[i] *
                  (std::max(x[i], 0.0) - static_cast<double>(p.table.mean[c]));
  }
  EXPECT_LE(distance(p.sums.gradient, gradient), 5e-7);
  EXPECT_LE(distance(p.sums.product, product), 5e-7);
  const auto n = static_cast<double>(shape.rows().count);
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t c = i % channels;
    const auto scale = static_cast<double>(p.table.scale[c]);
    const auto inverse = static_cast<double>(p.table.inverse[c]);
    const double deviation = x[i] - static_cast<double>(p.table.mean[c]);
    const double dv = scale * (expected.spread[i] - gradient[c] / n -
                               deviation * inverse * inverse * product[c] / n);
    dx[i] = x[i] > 0 ? dv : 0;
  }
  EXPECT_LE(distance(widened(p.dx), dx), tolerance<T>());
}

TEST(PooledBatchNormKernel, IsItsStepsOneByOneOnEveryTarget) {
  on_every_target([] {
    for (const PictureShape shape :
         {PictureShape{2, 2, 2, 1}, PictureShape{3, 4, 6, 16},
          PictureShape{2, 5, 7, 19}, PictureShape{9, 12, 12, 33}}) {
      check<float>(shape);
      check<Bf16>(shape);
    }
  });
}

TEST(PooledBatchNormKernel, TheFirstOfEqualsWins) {
  on_every_target([] {
    std::vector<float> x(4, 2.0f), winner(1), y(1);
    std::vector<uint8_t> choice{1};
    float table[] = {0, 1, 1, 0};
    normalise_pool(x.data(), {1, 2, 2, 1},
                   {table, table + 1, table + 2, table + 3}, 1.0f,
                   choice.data(), winner.data(), y.data());
    EXPECT_EQ(choice[0], 0);
    EXPECT_EQ(y[0], 2.0f);
  });
}

TEST(PooledBatchNormKernel, ADroppedValueLearnsNothing) {
  on_every_target([] {
    const Pooled<float> p({1, 2, 2, 64}, 5);
    for (size_t c = 0; c < 64; ++c) {
      EXPECT_EQ(p.choice[c] == kDropped, p.keep[c] == 0);
      if (p.keep[c]) continue;
      EXPECT_EQ(p.y[c], 0.0f);
      EXPECT_EQ(p.sums.gradient[c], 0.0);
    }
  });
}

}  // namespace
}  // namespace fer
