#include "kernels/pooled_batch_norm.h"

#include "kernels/blocks.h"
#include "kernels/pooled_loops.h"
#include "kernels/sums.h"

namespace fer {
namespace {

// First values of a row of windows: in x and in the pooled results.
struct WindowRow {
  int64_t full, pooled;
  bool last;  // of its picture
};

// work(WindowRow) for all rows of windows.
template <class Work>
void over_windows(PictureShape shape, const Work& work) {
  const PictureShape pooled = shape.pooled();
  const int64_t rows = shape.images * pooled.height;
  const int64_t count = block_count(shape.rows().count);
  run_blocks(count, [&](int64_t index) {
    const Block block = block_at(index, count, rows);
    for (int64_t r = block.begin; r < block.end; ++r) {
      const int64_t image = r / pooled.height, line = r % pooled.height;
      work(WindowRow{
          (image * shape.height + 2 * line) * shape.width * shape.channels,
          r * pooled.width * shape.channels, line + 1 == pooled.height});
    }
  });
}

}  // namespace

template <class T>
void normalise_pool(const T* x, PictureShape shape, const NormTable& table,
                    float factor, uint8_t* choice, T* winner, T* y) {
  const auto loops = pooled_loops<T>();
  over_windows(shape, [&](WindowRow at) {
    loops.normalise_pool(x + at.full, {shape.width, shape.channels}, table,
                         factor, choice + at.pooled, winner + at.pooled,
                         y + at.pooled);
  });
}

template <class T>
GradientSums pooled_gradient_sums(const T* gradient, const T* winner,
                                  const uint8_t* choice, RowShape pooled,
                                  float factor, const NormTable& table) {
  const auto loops = pooled_loops<T>();
  const int64_t count = block_count(pooled.count);
  BlockSums sums(count, pooled.channels);
  run_blocks(count, [&](int64_t index) {
    const Block block = block_at(index, count, pooled.count);
    const int64_t at = block.begin * pooled.channels;
    loops.gradient_sums(gradient + at, winner + at, choice + at,
                        block.end - block.begin, pooled.channels, factor, table,
                        sums.first(index), sums.second(index));
  });
  return {sums.first_total(), sums.second_total()};
}

template <class T>
void pooled_input_gradient(const T* gradient, const uint8_t* choice, const T* x,
                           PictureShape shape, float factor,
                           const NormTable& table,
                           const GradientTable& coefficients, T* dx) {
  const auto loops = pooled_loops<T>();
  const int64_t line = shape.width * shape.channels;
  const auto uncovered = [&](int64_t at, int64_t pixels) {
    loops.uncovered_gradient(x + at, pixels, shape.channels, table,
                             coefficients, dx + at);
  };
  over_windows(shape, [&](WindowRow at) {
    loops.input_gradient(gradient + at.pooled, choice + at.pooled, x + at.full,
                         {shape.width, shape.channels}, factor, table,
                         coefficients, dx + at.full);
    if (shape.width % 2 == 1) {
      uncovered(at.full + line - shape.channels, 1);
      uncovered(at.full + 2 * line - shape.channels, 1);
    }
    if (at.last && shape.height % 2 == 1)
      uncovered(at.full + 2 * line, shape.width);
  });
}

template void normalise_pool(const float*, PictureShape, const NormTable&,
                             float, uint8_t*, float*, float*);
template void normalise_pool(const Bf16*, PictureShape, const NormTable&, float,
                             uint8_t*, Bf16*, Bf16*);
template GradientSums pooled_gradient_sums(const float*, const float*,
                                           const uint8_t*, RowShape, float,
                                           const NormTable&);
template GradientSums pooled_gradient_sums(const Bf16*, const Bf16*,
                                           const uint8_t*, RowShape, float,
                                           const NormTable&);
template void pooled_input_gradient(const float*, const uint8_t*, const float*,
                                    PictureShape, float, const NormTable&,
                                    const GradientTable&, float*);
template void pooled_input_gradient(const Bf16*, const uint8_t*, const Bf16*,
                                    PictureShape, float, const NormTable&,
                                    const GradientTable&, Bf16*);

}  // namespace fer
