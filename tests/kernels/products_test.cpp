// Matrix products against the sums in double, on every processor target, with
// rows and columns that fill no register block.
#include "kernels/products.h"

#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"

namespace fer {
namespace {

// A right factor in packed panels, the last one as wide as the others.
std::vector<float> packed(const std::vector<float>& b, ProductShape shape) {
  const int64_t panel = product_panel();
  const int64_t panels = (shape.columns + panel - 1) / panel;
  std::vector<float> result(static_cast<size_t>(panels * panel * shape.depth));
  for (int64_t k = 0; k < shape.depth; ++k) {
    for (int64_t c = 0; c < shape.columns; ++c) {
      const int64_t at = c / panel * panel * shape.depth + k * panel;
      result[static_cast<size_t>(at + c % panel)] =
          b[static_cast<size_t>(k * shape.columns + c)];
    }
  }
  return result;
}

std::vector<double> reference(const std::vector<float>& a,
                              const std::vector<float>& b, ProductShape shape) {
  std::vector<double> c(static_cast<size_t>(shape.rows * shape.columns), 0.0);
  for (int64_t i = 0; i < shape.rows; ++i) {
    for (int64_t k = 0; k < shape.depth; ++k) {
      for (int64_t j = 0; j < shape.columns; ++j) {
        c[static_cast<size_t>(i * shape.columns + j)] +=
            static_cast<double>(a[static_cast<size_t>(i * shape.depth + k)]) *
            static_cast<double>(b[static_cast<size_t>(k * shape.columns + j)]);
      }
    }
  }
  return c;
}

std::vector<float> transposed(const std::vector<float>& a, ProductShape shape) {
  std::vector<float> result(a.size());
  for (int64_t i = 0; i < shape.rows; ++i) {
    for (int64_t k = 0; k < shape.depth; ++k) {
      result[static_cast<size_t>(k * shape.rows + i)] =
          a[static_cast<size_t>(i * shape.depth + k)];
    }
  }
  return result;
}

void check(ProductShape shape) {
  SCOPED_TRACE(testing::Message()
               << shape.rows << " x " << shape.depth << " x " << shape.columns);
  const auto a =
      stored<float>(drawn(static_cast<size_t>(shape.rows * shape.depth), 1));
  const auto b =
      stored<float>(drawn(static_cast<size_t>(shape.depth * shape.columns), 2));
  const auto exact = reference(a, b, shape);
  const int64_t panel = product_panel();

  std::vector<float> c(exact.size(), 7.0f);
  const std::vector<float> panels = packed(b, shape);
  multiply({a.data(), shape.depth, 1},
           {panels.data(), panel, panel * shape.depth}, shape, /*add=*/false,
           c.data());
  EXPECT_LE(distance(widened(c), exact), 5e-7);

  // The left factor the other way round, the right one as it is, on top of c.
  const std::vector<float> left = transposed(a, shape);
  multiply({left.data(), 1, shape.rows}, {b.data(), shape.columns, panel},
           shape,
           /*add=*/true, c.data());
  std::vector<double> twice = exact;
  for (double& value : twice) value *= 2;
  EXPECT_LE(distance(widened(c), twice), 5e-7);
}

TEST(Products, AreTheSumsOnEveryTarget) {
  on_every_target([] {
    for (const int64_t rows : {1, 5, 12, 31}) {
      for (const int64_t columns : {1, 7, 16, 32, 75}) {
        check({rows, 19, columns});
        check({rows, 1, columns});
      }
    }
  });
}

}  // namespace
}  // namespace fer
