// Means and factors per channel against the formulas in double, on every
// processor target.
#include "kernels/channel_gate.h"

#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"

namespace fer {
namespace {

struct Reference {
  std::vector<double> mean, dx_of_means, y, dx, dgate;
};

Reference reference(const PictureShape& s, const std::vector<double>& x,
                    const std::vector<double>& g,
                    const std::vector<double>& gate) {
  const auto channels = static_cast<size_t>(s.channels);
  const auto pixels = static_cast<size_t>(s.height * s.width);
  Reference r{std::vector<double>(gate.size()), g, x, g,
              std::vector<double>(gate.size())};
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t at = i / (pixels * channels) * channels + i % channels;
    r.mean[at] += x[i] / static_cast<double>(pixels);
    r.dgate[at] += g[i] * x[i];
    r.dx_of_means[i] += gate[at] / static_cast<double>(pixels);
    r.y[i] *= gate[at];
    r.dx[i] *= gate[at];
  }
  return r;
}

void check(const PictureShape& s) {
  SCOPED_TRACE(testing::Message() << s.height << "x" << s.width << ", "
                                  << s.channels << " channels");
  const auto size = static_cast<size_t>(s.rows().count * s.channels);
  const auto x = stored<float>(drawn(size, 1, 0.3));
  const auto g = stored<float>(drawn(size, 2, 0.1));
  const auto gate =
      stored<float>(drawn(static_cast<size_t>(s.images * s.channels), 3));
  const Reference r = reference(s, widened(x), widened(g), widened(gate));
  std::vector<float> mean(gate.size()), dgate(gate.size()), y(size), dx(size);
  channel_means(x.data(), s, mean.data());
  EXPECT_LE(distance(widened(mean), r.mean), 1e-6);
  channel_means_gradient(g.data(), gate.data(), s, dx.data());
  EXPECT_LE(distance(widened(dx), r.dx_of_means), 5e-7);
  channel_gate(x.data(), gate.data(), s, y.data());
  EXPECT_LE(distance(widened(y), r.y), 5e-7);
  channel_gate_gradient(g.data(), x.data(), gate.data(), s, dx.data(),
                        dgate.data());
  EXPECT_LE(distance(widened(dx), r.dx), 5e-7);
  EXPECT_LE(distance(widened(dgate), r.dgate), 1e-6);
}

TEST(ChannelGate, IsTheFormulaOnEveryTarget) {
  on_every_target([] {
    for (const int64_t channels : {1, 7, 16, 37, 40}) {
      check({3, 1, 1, channels});
      check({2, 5, 7, channels});
      check({2, 24, 24, channels});
    }
  });
}

}  // namespace
}  // namespace fer
