// Batch normalisation with ReLU or Swish against the formulas in double, on
// every processor target, with channels that fill no vector and odd row counts.
#include "kernels/batch_norm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/kernel_cases.h"

namespace fer {
namespace {

constexpr double kEpsilon = 1e-3;

// The textbook in double: all values of one case.
struct Reference {
  std::vector<double> mean, variance, y, dx, dweight, dbias;
};

struct Activated {
  double value, slope;
};

// What stands behind the normalisation.
Activated activated(double z, Rectify rectify) {
  if (rectify == Rectify::kAfter && z <= 0) return {0, 0};
  if (rectify != Rectify::kSwishAfter) return {z, 1};
  const double s = 1 / (1 + std::exp(-z));
  return {z * s, s + z * s * (1 - s)};
}

Reference reference(const std::vector<double>& x, const std::vector<double>& g,
                    const std::vector<float>& weight,
                    const std::vector<float>& bias, Rectify rectify) {
  const size_t channels = weight.size(), n = x.size() / channels;
  Reference r{{}, {}, x, x, {}, {}};
  const auto v = [&](size_t i) {
    return rectify == Rectify::kBefore ? std::max(x[i], 0.0) : x[i];
  };
  for (size_t c = 0; c < channels; ++c) {
    double mean = 0, variance = 0, dbias = 0, dweight = 0;
    for (size_t i = c; i < x.size(); i += channels) mean += v(i) / n;
    for (size_t i = c; i < x.size(); i += channels)
      variance += (v(i) - mean) * (v(i) - mean) / n;
    const double inverse = 1 / std::sqrt(variance + kEpsilon);
    const auto normal = [&](size_t i) { return (v(i) - mean) * inverse; };
    const auto scaled = [&](size_t i) {
      return weight[c] * normal(i) + bias[c];
    };
    for (size_t i = c; i < x.size(); i += channels) {
      const Activated a = activated(scaled(i), rectify);
      r.y[i] = a.value;
      dbias += g[i] * a.slope;
      dweight += g[i] * a.slope * normal(i);
    }
    for (size_t i = c; i < x.size(); i += channels) {
      const double dv = weight[c] * inverse *
                        (g[i] * activated(scaled(i), rectify).slope -
                         dbias / n - normal(i) * dweight / n);
      r.dx[i] = rectify == Rectify::kBefore && x[i] <= 0 ? 0 : dv;
    }
    r.mean.push_back(mean);
    r.variance.push_back(variance);
    r.dweight.push_back(dweight);
    r.dbias.push_back(dbias);
  }
  return r;
}

struct Case {
  int64_t rows, channels;
  Rectify rectify;
};

template <class T>
void check(const Case& c) {
  SCOPED_TRACE(testing::Message() << c.rows << " rows of " << c.channels
                                  << ", rectify " << int(c.rectify));
  const auto size = static_cast<size_t>(c.rows * c.channels);
  const auto channels = static_cast<size_t>(c.channels);
  const auto x = stored<T>(drawn(size, 1, 0.3));
  const auto g = stored<T>(drawn(size, 2, 0.1));
  const auto weight = stored<float>(drawn(channels, 3, 0.5));  // some below 0
  const auto bias = stored<float>(drawn(channels, 4));
  const Reference r =
      reference(widened(x), widened(g), weight, bias, c.rectify);

  // Sums of a few values that nearly cancel have no more to offer in float.
  const double limit = c.rows < 1000 ? 2e-6 : 5e-7;
  const RowShape shape{c.rows, c.channels};
  const Moments batch = moments(x.data(), shape, c.rectify);
  for (size_t k = 0; k < channels; ++k) {
    EXPECT_NEAR(batch.mean[k], r.mean[k], 5e-7 * std::sqrt(r.variance[k]) * 2);
  }
  EXPECT_LE(distance(batch.variance, r.variance), limit);
  TableMemory memory(channels);
  const NormTable table = memory.view();
  fill_table(batch, weight.data(), bias.data(), kEpsilon, table);
  std::vector<T> y(size), dx(size);
  normalise(x.data(), shape, c.rectify, table, y.data());
  EXPECT_LE(distance(widened(y), r.y), tolerance<T>());

  const GradientSums sums =
      gradient_sums(g.data(), x.data(), shape, c.rectify, table, dx.data());
  std::vector<double> dweight = sums.product;
  for (size_t k = 0; k < channels; ++k)
    dweight[k] *= static_cast<double>(table.inverse[k]);
  EXPECT_LE(distance(dweight, r.dweight), limit);
  EXPECT_LE(distance(sums.gradient, r.dbias), limit);
  const T* opened = c.rectify == Rectify::kSwishAfter ? dx.data() : g.data();
  input_gradient(opened, x.data(), shape, c.rectify, table,
                 gradient_table(sums, c.rows, table), dx.data());
  EXPECT_LE(distance(widened(dx), r.dx), std::max(tolerance<T>(), limit));
}

TEST(BatchNormKernel, IsTheTextbookOnEveryTarget) {
  on_every_target([] {
    for (const Rectify rectify : {Rectify::kNone, Rectify::kBefore,
                                  Rectify::kAfter, Rectify::kSwishAfter}) {
      for (const int64_t channels : {1, 3, 8, 16, 37, 64}) {
        for (const int64_t rows : {17, 63, 1001}) {
          check<float>({rows, channels, rectify});
          check<Bf16>({rows, channels, rectify});
        }
      }
    }
  });
}

TEST(BatchNormKernel, KeepsAVarianceFarBelowTheMean) {
  // 1000 +- 1: the mean of squares minus the squared mean would lose the
  // variance in float.
  on_every_target([] {
    const int64_t rows = 5000;
    const auto x = stored<float>(drawn(rows, 7, 1000.0));
    const Reference r =
        reference(widened(x), widened(x), {1}, {0}, Rectify::kNone);
    const Moments batch = moments(x.data(), {rows, 1}, Rectify::kNone);
    EXPECT_NEAR(batch.mean[0], r.mean[0], 1e-5);
    EXPECT_LE(distance(batch.variance, r.variance), 5e-6);
  });
}

TEST(BatchNormKernel, SwishesFarValues) {
  // sigmoid(-200) and its slope are 0 in float, sigmoid(200) is 1.
  on_every_target([] {
    const std::vector<float> x = {-200, 200, -90, 90, -1, 1, 0, 30};
    const std::vector<float> ones(8, 1.0f), zeros(8, 0.0f);
    TableMemory memory(8);
    const Moments none{std::vector<double>(8, 0.0),
                       std::vector<double>(8, 1.0 - kEpsilon)};
    fill_table(none, ones.data(), zeros.data(), kEpsilon, memory.view());
    std::vector<float> y(8);
    normalise(x.data(), {1, 8}, Rectify::kSwishAfter, memory.view(), y.data());
    std::vector<float> slope(8);
    gradient_sums(ones.data(), x.data(), {1, 8}, Rectify::kSwishAfter,
                  memory.view(), slope.data());
    for (size_t i = 0; i < 8; ++i) {
      const Activated expected =
          activated(static_cast<double>(x[i]), Rectify::kSwishAfter);
      EXPECT_NEAR(y[i], expected.value, 3e-7 * std::abs(expected.value) + 1e-30)
          << x[i];
      EXPECT_NEAR(slope[i], expected.slope, 3e-7) << x[i];
    }
  });
}

TEST(BatchNormKernel, LetsNanThrough) {
  // A run that has diverged must not look healthy behind a ReLU.
  on_every_target([] {
    std::vector<float> x(64, 1.0f);
    x[5] = std::numeric_limits<float>::quiet_NaN();
    const Moments batch = moments(x.data(), {4, 16}, Rectify::kBefore);
    EXPECT_TRUE(std::isnan(batch.mean[5]));
    EXPECT_TRUE(std::isnan(batch.variance[5]));
    EXPECT_EQ(batch.mean[4], 1.0);
    TableMemory memory(16);
    const std::vector<float> ones(16, 1.0f);
    fill_table(batch, ones.data(), ones.data(), kEpsilon, memory.view());
    for (const Rectify behind : {Rectify::kAfter, Rectify::kSwishAfter}) {
      std::vector<float> y(64);
      normalise(x.data(), {4, 16}, behind, memory.view(), y.data());
      EXPECT_TRUE(std::isnan(y[5 + 16]));
    }
  });
}

}  // namespace
}  // namespace fer
