// The transforms of a Winograd convolution for a range of tiles, on one thread.
// Each tile becomes one row in the matrix of each of the scheme's points.
#pragma once

#include "kernels/blocks.h"
#include "kernels/tile_grid.h"

namespace fer {

/// One matrix per point, `stride` floats apart.
struct PointMatrices {
  float* data;
  int64_t stride;
  float* at(int64_t point) const { return data + point * stride; }
};

/// Taps as a matrix for each of their places: value (place, row, column) is
/// data[place * place_step + row * row_step + column * column_step].
struct TapMatrices {
  const float* data;
  int64_t place_step, row_step, column_step;
};

struct WinogradLoops {
  int64_t tile, taps, points;  ///< points in both dimensions: (m + r - 1)^2

  /// Windows around the tiles, zero outside of the pictures. `zeros`: as many
  /// as channels.
  void (*input)(const float* x, const PictureShape& shape, Block tiles,
                const float* zeros, const PointMatrices& to);
  /// Tiles of an output's gradient, zero outside; adds their sums per channel
  /// to `sums`.
  void (*gradient)(const float* g, const PictureShape& shape, Block tiles,
                   const float* zeros, const PointMatrices& to, float* sums);
  /// Tiles of the output, plus bias per channel.
  void (*output)(const PointMatrices& from, const PictureShape& shape,
                 Block tiles, const float* bias, float* y);
  /// Some columns of a matrix of `rows` rows, `row_step` floats apart.
  void (*weights)(const TapMatrices& taps, int64_t rows, Block columns,
                  int64_t row_step, const PointMatrices& to);
  /// One row of `columns` values of the products summed over tiles, in `parts`
  /// that lie `part_stride` apart and are added in their order; to
  /// [taps][taps][columns].
  void (*weight_gradient)(const PointMatrices& from, int64_t parts,
                          int64_t part_stride, int64_t columns, float* to);
};

/// F(tile x tile, taps x taps): (2, 3), (4, 3), (2, 5), (4, 5).
WinogradLoops winograd_loops(int64_t tile, int64_t taps);

}  // namespace fer
