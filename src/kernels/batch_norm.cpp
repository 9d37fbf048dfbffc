#include "kernels/batch_norm.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/batch_norm_loops.h"
#include "kernels/blocks.h"
#include "kernels/sums.h"

namespace fer {
namespace {

float as_float(float value) { return value; }
float as_float(Bf16 value) {
  return std::bit_cast<float>(static_cast<uint32_t>(value.bits) << 16);
}

// The first row. Deviations from some value of the batch, not from zero, keep
// the variance exact where the mean is much larger than the deviation.
template <class T>
std::vector<float> first_row(const T* x, RowShape shape, Rectify rectify) {
  std::vector<float> row(static_cast<size_t>(shape.channels));
  for (size_t c = 0; c < row.size(); ++c) {
    const float value = as_float(x[c]);
    row[c] = rectify == Rectify::kBefore && value < 0 ? 0 : value;
  }
  return row;
}

// work(index, first value, rows) for every block.
template <class Work>
void over_rows(RowShape shape, const Work& work) {
  const int64_t count = block_count(shape.count);
  run_blocks(count, [&](int64_t index) {
    const Block block = block_at(index, count, shape.count);
    work(index, block.begin * shape.channels, block.end - block.begin);
  });
}

}  // namespace

template <class T>
Moments moments(const T* x, RowShape shape, Rectify rectify) {
  const auto loops = batch_norm_loops<T>(rectify);
  const std::vector<float> pivot = first_row(x, shape, rectify);
  BlockSums sums(block_count(shape.count), shape.channels);
  over_rows(shape, [&](int64_t index, int64_t at, int64_t rows) {
    loops.moments(x + at, rows, shape.channels, pivot.data(), sums.first(index),
                  sums.second(index));
  });
  Moments result{sums.first_total(), sums.second_total()};
  const auto n = static_cast<double>(shape.count);
  for (size_t c = 0; c < pivot.size(); ++c) {
    const double mean = result.mean[c] / n;
    // Not std::max: NaN must stay.
    const double variance = result.variance[c] / n - mean * mean;
    result.variance[c] = variance < 0 ? 0 : variance;
    result.mean[c] = mean + static_cast<double>(pivot[c]);
  }
  return result;
}

void fill_table(const Moments& moments, const float* weight, const float* bias,
                double epsilon, const NormTable& table) {
  for (size_t c = 0; c < moments.mean.size(); ++c) {
    const double inverse = 1.0 / std::sqrt(moments.variance[c] + epsilon);
    const double scale = static_cast<double>(weight[c]) * inverse;
    table.mean[c] = static_cast<float>(moments.mean[c]);
    table.inverse[c] = static_cast<float>(inverse);
    table.scale[c] = static_cast<float>(scale);
    table.shift[c] = static_cast<float>(static_cast<double>(bias[c]) -
                                        moments.mean[c] * scale);
  }
}

template <class T>
void normalise(const T* x, RowShape shape, Rectify rectify,
               const NormTable& table, T* y) {
  const auto loops = batch_norm_loops<T>(rectify);
  over_rows(shape, [&](int64_t, int64_t at, int64_t rows) {
    loops.normalise(x + at, rows, shape.channels, table, y + at);
  });
}

template <class T>
GradientSums gradient_sums(const T* gradient, const T* x, RowShape shape,
                           Rectify rectify, const NormTable& table, T* opened) {
  const auto loops = batch_norm_loops<T>(rectify);
  BlockSums sums(block_count(shape.count), shape.channels);
  over_rows(shape, [&](int64_t index, int64_t at, int64_t rows) {
    loops.gradient_sums(gradient + at, x + at, rows, shape.channels, table,
                        opened ? opened + at : nullptr, sums.first(index),
                        sums.second(index));
  });
  return {sums.first_total(), sums.second_total()};
}

GradientTable gradient_table(const GradientSums& sums, int64_t rows,
                             const NormTable& table) {
  const size_t channels = sums.gradient.size();
  GradientTable result{std::vector<float>(channels),
                       std::vector<float>(channels),
                       std::vector<float>(channels)};
  const auto n = static_cast<double>(rows);
  for (size_t c = 0; c < channels; ++c) {
    const auto scale = static_cast<double>(table.scale[c]);
    const auto inverse = static_cast<double>(table.inverse[c]);
    result.gain[c] = table.scale[c];
    result.slope[c] =
        static_cast<float>(-scale * inverse * inverse * sums.product[c] / n);
    result.offset[c] = static_cast<float>(-scale * sums.gradient[c] / n);
  }
  return result;
}

template <class T>
void input_gradient(const T* gradient, const T* x, RowShape shape,
                    Rectify rectify, const NormTable& table,
                    const GradientTable& coefficients, T* dx) {
  const auto loops = batch_norm_loops<T>(rectify);
  over_rows(shape, [&](int64_t, int64_t at, int64_t rows) {
    loops.input_gradient(gradient + at, x + at, rows, shape.channels, table,
                         coefficients, dx + at);
  });
}

template Moments moments(const float*, RowShape, Rectify);
template Moments moments(const Bf16*, RowShape, Rectify);
template void normalise(const float*, RowShape, Rectify, const NormTable&,
                        float*);
template void normalise(const Bf16*, RowShape, Rectify, const NormTable&,
                        Bf16*);
template GradientSums gradient_sums(const float*, const float*, RowShape,
                                    Rectify, const NormTable&, float*);
template GradientSums gradient_sums(const Bf16*, const Bf16*, RowShape, Rectify,
                                    const NormTable&, Bf16*);
template void input_gradient(const float*, const float*, RowShape, Rectify,
                             const NormTable&, const GradientTable&, float*);
template void input_gradient(const Bf16*, const Bf16*, RowShape, Rectify,
                             const NormTable&, const GradientTable&, Bf16*);

}  // namespace fer
