#include "kernels/winograd.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "kernels/products.h"
#include "kernels/winograd_loops.h"
#include "kernels/workspace.h"

namespace fer {
namespace {

// Matrices of successive points begin in successive cache lines: else those of
// a power of two would all fall into one set of the cache.
constexpr int64_t kSkew = 16;

// Tiles of a block: what is transformed and multiplied before it leaves the
// cache; a multiple of the rows that the product takes at a time.
constexpr int64_t kBlockTiles = 60;

// Where the sums of a weight gradient do not fit into a core's second cache,
// they are read and written once for more tiles.
constexpr int64_t kLongBlockTiles = 144;
constexpr int64_t kCacheFloats = 512 * 1024;

// Sums of weight gradients over some of the tiles: at most that many, and at
// most that many floats in all.
constexpr int64_t kMostParts = 16;
constexpr int64_t kPartFloats = 4 * 1024 * 1024;

// Two vectors of AVX2. Shorter ones were not measured against torch.
constexpr int64_t kLeastPanel = 16;

int64_t ceil_of(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t points_of(const ConvShape& shape, int64_t tile) {
  return (tile + shape.taps - 1) * (tile + shape.taps - 1);
}

int64_t tiles_of(const ConvShape& shape, int64_t tile) {
  return TileGrid(shape.output(), tile).count();
}

// So many that reading the transformed weights counts for little.
int64_t enough_tiles(const ConvShape& shape) {
  return std::max<int64_t>(64, (shape.in + shape.out) / 8);
}

// Tiles of 4x4 where they are enough and take fewer products than those of
// 2x2: not where much of them would lie outside of the picture.
int64_t tile_for(const ConvShape& shape) {
  const auto products = [&](int64_t tile) {
    return tiles_of(shape, tile) * points_of(shape, tile);
  };
  const bool large =
      products(4) < products(2) && tiles_of(shape, 4) >= enough_tiles(shape);
  return large ? 4 : 2;
}

WinogradLoops scheme_for(const ConvShape& shape) {
  return winograd_loops(tile_for(shape), shape.taps);
}

int64_t skewed(int64_t floats) {
  return ceil_of(floats, kSkew) * kSkew + kSkew;
}

PointMatrices matrices(Workspace kind, int64_t points, int64_t floats) {
  const int64_t stride = skewed(floats);
  return {workspace(kind, points * stride), stride};
}

// As right factors, in panels.
struct Weights {
  PointMatrices matrices;
  int64_t panel_step;
};

Weights transformed(const WinogradLoops& loops, const TapMatrices& taps,
                    int64_t rows, int64_t columns) {
  const int64_t panel = product_panel(), panels = ceil_of(columns, panel);
  const PointMatrices to =
      matrices(Workspace::kWeights, loops.points, panels * rows * panel);
  run_blocks(panels, [&](int64_t index) {
    const int64_t first = index * panel;
    loops.weights(taps, rows, {first, std::min(first + panel, columns)}, panel,
                  {to.data + index * rows * panel, to.stride});
  });
  return {to, rows * panel};
}

std::vector<float> zeros_for(const ConvShape& shape) {
  return std::vector<float>(static_cast<size_t>(std::max(shape.in, shape.out)),
                            0.0f);
}

void convolve(const WinogradLoops& loops, const float* x,
              const Weights& weights, const float* bias, const ConvShape& shape,
              float* y) {
  const int64_t tiles = tiles_of(shape, loops.tile);
  const int64_t panel = product_panel();
  const std::vector<float> zeros = zeros_for(shape);
  const float* offset = bias ? bias : zeros.data();
  run_blocks(ceil_of(tiles, kBlockTiles), [&](int64_t index) {
    const int64_t first = index * kBlockTiles;
    const Block block{first, std::min(first + kBlockTiles, tiles)};
    const PointMatrices in =
        matrices(Workspace::kInputs, loops.points, kBlockTiles * shape.in);
    const PointMatrices out =
        matrices(Workspace::kOutputs, loops.points, kBlockTiles * shape.out);
    loops.input(x, shape.input(), block, zeros.data(), in);
    for (int64_t point = 0; point < loops.points; ++point) {
      multiply({in.at(point), shape.in, 1},
               {weights.matrices.at(point), panel, weights.panel_step},
               {block.end - block.begin, shape.in, shape.out}, /*add=*/false,
               out.at(point));
    }
    loops.output(out, shape.output(), block, offset, y);
  });
}

// The products of some tiles, added up: [point][out][in].
struct Part {
  PointMatrices sums;
  double* bias;
};

void sum_tiles(const WinogradLoops& loops, const float* x, const float* g,
               const ConvShape& shape, Block tiles, const Part& part) {
  const int64_t size = part.sums.stride * loops.points > kCacheFloats
                           ? kLongBlockTiles
                           : kBlockTiles;
  const std::vector<float> zeros = zeros_for(shape);
  const PointMatrices in =
      matrices(Workspace::kInputs, loops.points, size * shape.in);
  const PointMatrices gradient =
      matrices(Workspace::kOutputs, loops.points, size * shape.out);
  for (int64_t first = tiles.begin; first < tiles.end; first += size) {
    const Block block{first, std::min(first + size, tiles.end)};
    std::vector<float> bias(static_cast<size_t>(shape.out), 0.0f);
    loops.input(x, shape.input(), block, zeros.data(), in);
    loops.gradient(g, shape.output(), block, zeros.data(), gradient,
                   bias.data());
    for (size_t c = 0; c < bias.size(); ++c)
      part.bias[c] += static_cast<double>(bias[c]);
    for (int64_t point = 0; point < loops.points; ++point) {
      multiply({gradient.at(point), 1, shape.out},
               {in.at(point), shape.in, product_panel()},
               {shape.out, block.end - block.begin, shape.in},
               /*add=*/first > tiles.begin, part.sums.at(point));
    }
  }
}

// How many sums the tiles go into: enough for the threads of a large machine,
// few where one is large.
int64_t part_count(int64_t floats, int64_t blocks) {
  int64_t parts = kMostParts;
  while (parts > 2 && parts * floats > kPartFloats) parts /= 2;
  return std::min(parts, blocks);
}

}  // namespace

bool winograd_pays(const ConvShape& shape) {
  if (shape.taps != 3 && shape.taps != 5) return false;
  if (product_panel() < kLeastPanel) return false;
  if (shape.in % 16 != 0 || shape.out % 16 != 0) return false;
  const int64_t tile = tile_for(shape), tiles = tiles_of(shape, tile);
  const int64_t direct =
      shape.images * shape.height * shape.width * shape.taps * shape.taps;
  return direct > tiles * points_of(shape, tile) &&
         tiles >= enough_tiles(shape);
}

void winograd_forward(const float* x, const float* w, const float* bias,
                      const ConvShape& shape, float* y) {
  const WinogradLoops loops = scheme_for(shape);
  const TapMatrices taps{w, shape.in, 1, shape.taps * shape.taps * shape.in};
  convolve(loops, x, transformed(loops, taps, shape.in, shape.out), bias, shape,
           y);
}

void winograd_input_gradient(const float* g, const float* w,
                             const ConvShape& shape, float* dx) {
  // A convolution with the taps turned by 180 degrees, from out to in.
  const WinogradLoops loops = scheme_for(shape);
  const int64_t places = shape.taps * shape.taps;
  const TapMatrices taps{w + (places - 1) * shape.in, -shape.in,
                         places * shape.in, 1};
  ConvShape back = shape;
  std::swap(back.in, back.out);
  convolve(loops, g, transformed(loops, taps, back.in, back.out), nullptr, back,
           dx);
}

void winograd_weight_gradient(const float* x, const float* g,
                              const ConvShape& shape, float* dw, float* dbias) {
  const WinogradLoops loops = scheme_for(shape);
  const int64_t tiles = tiles_of(shape, loops.tile);
  const int64_t stride = skewed(shape.in * shape.out);
  const int64_t part_stride = loops.points * stride;
  const int64_t parts = part_count(part_stride, ceil_of(tiles, kBlockTiles));
  const PointMatrices sums{workspace(Workspace::kSums, parts * part_stride),
                           stride};
  std::vector<double> bias(static_cast<size_t>(parts * shape.out), 0.0);
  run_blocks(parts, [&](int64_t index) {
    const Part part{{sums.data + index * part_stride, stride},
                    bias.data() + index * shape.out};
    sum_tiles(loops, x, g, shape, block_at(index, parts, tiles), part);
  });
  const int64_t row = shape.taps * shape.taps * shape.in;
  run_blocks(shape.out, [&](int64_t k) {
    loops.weight_gradient({sums.data + k * shape.in, stride}, parts,
                          part_stride, shape.in, dw + k * row);
  });
  for (int64_t c = 0; c < shape.out; ++c) {
    double sum = 0;
    for (int64_t part = 0; part < parts; ++part)
      sum += bias[static_cast<size_t>(part * shape.out + c)];
    dbias[c] = static_cast<float>(sum);
  }
}

}  // namespace fer
