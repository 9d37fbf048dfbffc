// Matrix products for small matrices that lie in a core's second cache, on one
// thread. The right factor is read in panels of product_panel() columns.
#pragma once

#include <cstdint>

namespace fer {

/// Columns of a panel: two vectors of the processor.
int64_t product_panel();

/// Of a rows x depth times depth x columns product.
struct ProductShape {
  int64_t rows, depth, columns;
};

/// The left factor: value (row, k) is data[row * row_step + k * depth_step].
struct LeftFactor {
  const float* data;
  int64_t row_step, depth_step;
};

/// The right factor: value (k, column) is data[column / panel * panel_step +
/// k * depth_step + column % panel]. Fast where a panel's rows lie together.
struct RightFactor {
  const float* data;
  int64_t depth_step, panel_step;
};

/// c (row-major) = a * b, or c += a * b. One multiply-add chain per value, in
/// the order of the depth.
void multiply(const LeftFactor& a, const RightFactor& b, ProductShape shape,
              bool add, float* c);

}  // namespace fer
