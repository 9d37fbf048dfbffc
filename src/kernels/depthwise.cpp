#include "kernels/depthwise.h"

#include <algorithm>
#include <vector>

#include "kernels/blocks.h"
#include "kernels/depthwise_loops.h"
#include "kernels/workspace.h"

namespace fer {
namespace {

// Sums of weight gradients over some of the pictures: enough for the threads of
// a large machine, of at least that many pixels each.
constexpr int64_t kMostParts = 16;
constexpr int64_t kLeastPixels = 256;

// Pictures that windows lie over. With `spread` 1 there is a row and a column
// of zeros between any two of theirs: so a gradient of stride 2 is one of
// stride 1.
struct Pictures {
  const float* data;
  PictureShape shape;
  int64_t spread;
  std::vector<float> zeros =
      std::vector<float>(static_cast<size_t>(shape.channels), 0.0f);

  // Where row or column `at` lies, of `size`; -1 where there is none.
  int64_t place(int64_t at, int64_t size) const {
    const bool none = at < 0 || (at & spread) != 0 || (at >> spread) >= size;
    return none ? -1 : at >> spread;
  }
};

struct Windows {
  int64_t taps, stride, padding;
};

// Outputs from column `first` on in line `line`, a row of one picture.
DepthwiseStrip strip_at(const Pictures& from, const Windows& windows,
                        const PictureShape& out, int64_t line, int64_t first) {
  const PictureShape& shape = from.shape;
  const int64_t image = line / out.height;
  const int64_t top = line % out.height * windows.stride - windows.padding;
  const int64_t left = first * windows.stride - windows.padding;
  DepthwiseStrip strip;
  strip.channels = shape.channels;
  strip.outputs = depthwise_outputs(out.width - first);
  const int64_t columns = (strip.outputs - 1) * windows.stride + windows.taps;
  for (int64_t i = 0; i < windows.taps; ++i) {
    const int64_t y = from.place(top + i, shape.height);
    if (y < 0) continue;
    const float* row =
        from.data + (image * shape.height + y) * shape.width * shape.channels;
    for (int64_t j = 0; j < columns; ++j) {
      const int64_t x = from.place(left + j, shape.width);
      strip.pixels[strip.rows][j] =
          x < 0 ? from.zeros.data() : row + x * shape.channels;
    }
    strip.tap_row[strip.rows++] = i;
  }
  return strip;
}

// work(strip, index of its first output) for the outputs of a line.
template <class Work>
void over_strips(const Pictures& from, const Windows& windows,
                 const PictureShape& out, int64_t line, const Work& work) {
  for (int64_t x = 0; x < out.width;) {
    const DepthwiseStrip strip = strip_at(from, windows, out, line, x);
    work(strip, (line * out.width + x) * out.channels);
    x += strip.outputs;
  }
}

void convolve(const Pictures& from, const float* weights,
              const Windows& windows, const PictureShape& out, float* y) {
  const DepthwiseLoops loops = depthwise_loops(windows.taps, windows.stride);
  run_blocks(out.images * out.height, [&](int64_t line) {
    over_strips(from, windows, out, line,
                [&](const DepthwiseStrip& strip, int64_t at) {
                  loops.convolve(strip, weights, y + at);
                });
  });
}

}  // namespace

void depthwise_forward(const float* x, const float* w,
                       const DepthwiseShape& shape, float* y) {
  convolve({x, shape.input, 0}, w, {shape.taps, shape.stride, shape.padding},
           shape.output(), y);
}

void depthwise_input_gradient(const float* g, const float* w,
                              const DepthwiseShape& shape, float* dx) {
  // A convolution with the taps turned by 180 degrees.
  const int64_t places = shape.taps * shape.taps;
  const int64_t channels = shape.input.channels;
  float* turned = workspace(Workspace::kWeights, places * channels);
  for (int64_t i = 0; i < places; ++i)
    std::copy_n(w + (places - 1 - i) * channels, channels,
                turned + i * channels);
  convolve({g, shape.output(), shape.stride - 1}, turned,
           {shape.taps, 1, shape.taps - 1 - shape.padding}, shape.input, dx);
}

void depthwise_weight_gradient(const float* x, const float* g,
                               const DepthwiseShape& shape, float* dw) {
  const PictureShape out = shape.output();
  const Pictures from{x, shape.input, 0};
  const Windows windows{shape.taps, shape.stride, shape.padding};
  const DepthwiseLoops loops = depthwise_loops(shape.taps, shape.stride);
  const int64_t size = shape.taps * shape.taps * out.channels;
  const int64_t lines = out.images * out.height;
  const int64_t parts = std::clamp<int64_t>(out.rows().count / kLeastPixels, 1,
                                            std::min(kMostParts, lines));
  float* sums = workspace(Workspace::kSums, parts * size);
  run_blocks(parts, [&](int64_t index) {
    float* own = sums + index * size;
    std::fill_n(own, size, 0.0f);
    const Block block = block_at(index, parts, lines);
    for (int64_t line = block.begin; line < block.end; ++line) {
      over_strips(from, windows, out, line,
                  [&](const DepthwiseStrip& strip, int64_t at) {
                    loops.add_weight_gradient(strip, g + at, own);
                  });
    }
  });
  for (int64_t i = 0; i < size; ++i) {
    double sum = 0;
    for (int64_t part = 0; part < parts; ++part)
      sum += static_cast<double>(sums[part * size + i]);
    dw[i] = static_cast<float>(sum);
  }
}

}  // namespace fer
