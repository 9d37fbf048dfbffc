#include "cuda/norm_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cuda/norm_kernels.h"
#include "kernels/dropout_mask.h"
#include "kernels/pooled_batch_norm.h"

namespace fer {
namespace {

size_t size_of(const PictureShape& shape) {
  return static_cast<size_t>(shape.rows().count * shape.channels);
}

size_t channels_of(const NormCase& c) {
  return static_cast<size_t>(c.shape.channels);
}

std::vector<double> doubles(const float* from, size_t n) {
  return {from, from + n};
}

std::vector<double> variances(const float* inverse, size_t n) {
  std::vector<double> result = doubles(inverse, n);
  for (double& value : result) value = 1 / (value * value) - kEpsilon;
  return result;
}

// Memory of exactly n values, so that a sanitizer sees what goes beyond; behind
// a first value where it shall not be aligned.
template <class T>
struct Memory {
  Memory(size_t n, bool unaligned) : all(n + unaligned), skip(unaligned) {}
  Memory(const std::vector<T>& from, bool unaligned)
      : Memory(from.size(), unaligned) {
    std::copy(from.begin(), from.end(), data());
  }
  T* data() { return all.data() + skip; }
  std::vector<T> values() const {
    return {all.begin() + static_cast<ptrdiff_t>(skip), all.end()};
  }
  std::vector<T> all;
  size_t skip;
};

void expect_queued(const char* error) {
  EXPECT_EQ(error, nullptr) << (error ? error : "");
}

void draw_dropout(const NormCase& c, std::vector<uint8_t>& keep) {
  dropout_mask(kDropoutKey, c.rate.value_or(0),
               static_cast<int64_t>(keep.size()), keep.data());
}

}  // namespace

template <class T>
NormValues<T>::NormValues(const NormCase& c)
    : x(stored<T>(drawn(size_of(c.shape), 1, c.mean))),
      gradient(stored<T>(drawn(size_of(c.result()), 2, 0.1))),
      weight(stored<float>(drawn(channels_of(c), 3, 0.5))),
      bias(stored<float>(drawn(channels_of(c), 4))) {}

template <class T>
NormResults by_cuda_kernels(const NormCase& c, const NormValues<T>& values,
                            bool biased_variance) {
  const size_t channels = channels_of(c), results = values.gradient.size();
  Memory<T> x(values.x, c.unaligned), g(values.gradient, c.unaligned);
  Memory<T> y(results, c.unaligned), winner(results, c.unaligned),
      dx(x.values().size(), c.unaligned);
  std::vector<uint8_t> choice(results);
  TableMemory table(channels);
  std::vector<double> sums(static_cast<size_t>(norm_workspace(c.rows())));
  std::vector<float> running_mean(channels, 1), running_var(channels, 2);
  std::vector<float> dweight(channels), dbias(channels);
  std::vector<float> coefficients(3 * channels);
  const uint64_t key = kDropoutKey;

  const CudaNormInput in{.shape = c.shape,
                         .bf16 = std::is_same_v<T, Bf16>,
                         .rectify = c.rectify,
                         .x = x.data(),
                         .table = table.view(),
                         .sums = sums.data()};
  const CudaNormForward forward{
      in,
      {values.weight.data(), values.bias.data(), running_mean.data(),
       running_var.data(), kEpsilon, kMomentum, biased_variance},
      y.data()};
  const CudaNormBackward backward{in,           g.data(),
                                  dx.data(),    dweight.data(),
                                  dbias.data(), coefficients.data()};
  if (c.rate) {
    const CudaPool pool{winner.data(), choice.data(), *c.rate,
                        *c.rate > 0 ? &key : nullptr};
    expect_queued(launch_pooled_forward(forward, pool, nullptr));
    expect_queued(launch_pooled_backward(backward, pool, nullptr));
  } else {
    expect_queued(launch_norm_forward(forward, nullptr));
    expect_queued(launch_norm_backward(backward, nullptr));
  }
  NormResults r{.mean = doubles(table.view().mean, channels),
                .variance = variances(table.view().inverse, channels),
                .running = doubles(running_mean.data(), channels),
                .y = widened(y.values()),
                .dx = widened(dx.values()),
                .dweight = doubles(dweight.data(), channels),
                .dbias = doubles(dbias.data(), channels),
                .choice = choice};
  r.running.insert(r.running.end(), running_var.begin(), running_var.end());
  return r;
}

template <class T>
NormResults by_cpu_kernels(const NormCase& c, const NormValues<T>& values) {
  const size_t channels = channels_of(c), results = values.gradient.size();
  const T *x = values.x.data(), *g = values.gradient.data();
  std::vector<T> y(results), winner(results), dx(values.x.size());
  std::vector<uint8_t> choice(results);
  TableMemory memory(channels);
  const NormTable table = memory.view();
  fill_table(moments(x, c.rows(), c.rectify), values.weight.data(),
             values.bias.data(), kEpsilon, table);
  GradientSums sums;
  if (c.rate) {
    const float factor = dropout_factor(*c.rate);
    draw_dropout(c, choice);
    normalise_pool(x, c.shape, table, factor, choice.data(), winner.data(),
                   y.data());
    sums = pooled_gradient_sums(g, winner.data(), choice.data(),
                                c.result().rows(), factor, table);
    pooled_input_gradient(g, choice.data(), x, c.shape, factor, table,
                          gradient_table(sums, c.rows().count, table),
                          dx.data());
  } else {
    normalise(x, c.rows(), c.rectify, table, y.data());
    sums = gradient_sums(g, x, c.rows(), c.rectify, table);
    input_gradient(g, x, c.rows(), c.rectify, table,
                   gradient_table(sums, c.rows().count, table), dx.data());
  }
  NormResults r{.mean = doubles(table.mean, channels),
                .variance = variances(table.inverse, channels),
                .running = {},
                .y = widened(y),
                .dx = widened(dx),
                .dweight = sums.product,
                .dbias = sums.gradient,
                .choice = choice};
  for (size_t k = 0; k < channels; ++k)
    r.dweight[k] *= static_cast<double>(table.inverse[k]);
  return r;
}

namespace {

// Mean, variance and the moved statistics of each channel.
void add_statistics(const std::vector<double>& v, size_t channels,
                    bool biased_variance, NormResults& r) {
  const double n = static_cast<double>(v.size() / channels);
  r.mean.assign(channels, 0.0);
  r.variance.assign(channels, 0.0);
  for (size_t i = 0; i < v.size(); ++i) r.mean[i % channels] += v[i] / n;
  for (size_t i = 0; i < v.size(); ++i) {
    const double deviation = v[i] - r.mean[i % channels];
    r.variance[i % channels] += deviation * deviation / n;
  }
  const double share = biased_variance ? 1 : n / (n - 1);
  for (const double mean : r.mean)
    r.running.push_back(kMomentum * 1 + (1 - kMomentum) * mean);
  for (const double variance : r.variance)
    r.running.push_back(kMomentum * 2 + (1 - kMomentum) * share * variance);
}

// Index in x of place k in the window of pooled value i.
size_t in_window(const NormCase& c, size_t i, int64_t k) {
  const PictureShape s = c.shape, pooled = c.result();
  const auto at = static_cast<int64_t>(i);
  const int64_t pixel = at / s.channels, line = pixel / pooled.width;
  const int64_t image = line / pooled.height;
  const int64_t y = 2 * (line % pooled.height) + k / 2;
  const int64_t x = 2 * (pixel % pooled.width) + k % 2;
  return static_cast<size_t>(
      ((image * s.height + y) * s.width + x) * s.channels + at % s.channels);
}

// y, and the gradient of the normalised values.
std::vector<double> pool(const NormCase& c,
                         const std::vector<double>& normalised,
                         const std::vector<double>& g, NormResults& r) {
  std::vector<uint8_t> keep(g.size());
  draw_dropout(c, keep);
  std::vector<double> spread(normalised.size(), 0.0);
  for (size_t i = 0; i < g.size(); ++i) {
    int64_t best = 0;
    for (int64_t k = 1; k < 4; ++k)
      if (normalised[in_window(c, i, k)] > normalised[in_window(c, i, best)])
        best = k;
    const double factor = keep[i] ? 1 / (1 - *c.rate) : 0;
    const size_t from = in_window(c, i, best);
    r.y.push_back(normalised[from] * factor);
    spread[from] += g[i] * factor;
    r.choice.push_back(keep[i] ? static_cast<uint8_t>(best) : kDropped);
  }
  return spread;
}

}  // namespace

template <class T>
NormResults in_double(const NormCase& c, const NormValues<T>& values,
                      bool biased_variance) {
  const size_t channels = channels_of(c);
  const auto x = widened(values.x), g = widened(values.gradient);
  std::vector<double> v = x, normalised(x.size());
  if (c.rectify == Rectify::kBefore)
    for (double& value : v) value = std::max(value, 0.0);
  NormResults r;
  add_statistics(v, channels, biased_variance, r);
  const auto normal = [&](size_t i) {
    const size_t k = i % channels;
    return (v[i] - r.mean[k]) / std::sqrt(r.variance[k] + kEpsilon);
  };
  for (size_t i = 0; i < x.size(); ++i)
    normalised[i] =
        static_cast<double>(values.weight[i % channels]) * normal(i) +
        static_cast<double>(values.bias[i % channels]);
  std::vector<double> spread = g;
  if (c.rate) {
    spread = pool(c, normalised, g, r);
  } else {
    r.y = normalised;
    for (size_t i = 0; c.rectify == Rectify::kAfter && i < x.size(); ++i) {
      if (r.y[i] > 0) continue;
      r.y[i] = 0;
      spread[i] = 0;
    }
  }
  r.dweight.assign(channels, 0.0);
  r.dbias.assign(channels, 0.0);
  for (size_t i = 0; i < x.size(); ++i) {
    r.dbias[i % channels] += spread[i];
    r.dweight[i % channels] += spread[i] * normal(i);
  }
  const double n = static_cast<double>(c.rows().count);
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t k = i % channels;
    const double dv =
        static_cast<double>(values.weight[k]) /
        std::sqrt(r.variance[k] + kEpsilon) *
        (spread[i] - r.dbias[k] / n - normal(i) * r.dweight[k] / n);
    r.dx.push_back(c.rectify == Rectify::kBefore && x[i] <= 0 ? 0 : dv);
  }
  return r;
}

template struct NormValues<float>;
template struct NormValues<Bf16>;
template NormResults by_cuda_kernels(const NormCase&, const NormValues<float>&,
                                     bool);
template NormResults by_cuda_kernels(const NormCase&, const NormValues<Bf16>&,
                                     bool);
template NormResults by_cpu_kernels(const NormCase&, const NormValues<float>&);
template NormResults by_cpu_kernels(const NormCase&, const NormValues<Bf16>&);
template NormResults in_double(const NormCase&, const NormValues<float>&, bool);
template NormResults in_double(const NormCase&, const NormValues<Bf16>&, bool);

}  // namespace fer
