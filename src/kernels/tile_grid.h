// Pictures cut into square tiles, for convolutions that work tile by tile.
#pragma once

#include <cstdint>

#include "kernels/activations.h"

namespace fer {

/// A tile's place: the picture, and the first row and column.
struct TilePlace {
  int64_t image, y, x;
};

/// All tiles of all pictures, row by row; those at the lower and the right rim
/// may reach beyond the picture.
class TileGrid {
 public:
  TileGrid(const PictureShape& pictures, int64_t tile)
      : tile_(tile),
        rows_((pictures.height + tile - 1) / tile),
        columns_((pictures.width + tile - 1) / tile),
        count_(pictures.images * rows_ * columns_) {}

  int64_t count() const { return count_; }
  TilePlace place(int64_t index) const {
    const int64_t row = index / columns_;
    return {row / rows_, row % rows_ * tile_, index % columns_ * tile_};
  }

 private:
  int64_t tile_, rows_, columns_, count_;
};

}  // namespace fer
