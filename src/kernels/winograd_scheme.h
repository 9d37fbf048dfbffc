// Winograd's minimal filtering F(m x m, r x r): a tile of m x m values of a
// convolution with r x r taps from n^2 products, n = m + r - 1 (Lavin and Gray,
// arXiv:1509.09308). In one dimension, for a window d, taps g and a gradient e:
//   y  = A' [(G g) * (B d)],
//   dg = G' [(B d) * (A e)].
// A, G and B have one row per point: 0, pairs of +-p, and infinity.
#pragma once

#include <array>
#include <cstddef>

namespace fer {

/// One row per point; rows of a pair +-p differ in the sign of odd columns.
template <int kRowCount, int kColumnCount>
struct PointMatrix {
  static constexpr int kRows = kRowCount, kColumns = kColumnCount;
  std::array<std::array<float, kColumnCount>, kRowCount> value{};
};

/// Where the polynomials are evaluated, but for infinity. Chosen by trial for
/// the smallest rounding: on normally distributed values F(4x4, 3x3) comes
/// within 6e-7 of double, where 0, +-1, +-2 would give 12e-7.
template <int kPoints>
inline constexpr std::array<double, 0> kWinogradPoints{};
template <>
inline constexpr std::array<double, 3> kWinogradPoints<4>{0, 1, -1};
template <>
inline constexpr std::array<double, 5> kWinogradPoints<6>{0, .625, -.625, 1.5,
                                                          -1.5};
template <>
inline constexpr std::array<double, 7> kWinogradPoints<8>{0,  .5, -.5, 1,
                                                          -1, 2,  -2};

/// A or G before scaling: row p is 1, p, p^2, ...; infinity's is 0, ..., 0, 1.
template <int kPoints, int kColumns>
constexpr std::array<std::array<double, kColumns>, kPoints> point_powers() {
  std::array<std::array<double, kColumns>, kPoints> result{};
  for (size_t i = 0; i + 1 < kPoints; ++i) {
    double power = 1;
    for (double& value : result[i]) {
      value = power;
      power *= kWinogradPoints<kPoints>[i];
    }
  }
  result[kPoints - 1][kColumns - 1] = 1;
  return result;
}

/// The product of (p_i - p_k) over all k but i.
template <int kPoints>
constexpr double point_distance(size_t i) {
  double product = 1;
  for (size_t k = 0; k + 1 < kPoints; ++k) {
    if (k != i)
      product *= kWinogradPoints<kPoints>[i] - kWinogradPoints<kPoints>[k];
  }
  return product;
}

/// A, of the outputs and their gradients.
template <int kPoints, int kTile>
constexpr PointMatrix<kPoints, kTile> output_matrix() {
  PointMatrix<kPoints, kTile> result;
  const auto powers = point_powers<kPoints, kTile>();
  for (size_t i = 0; i < kPoints; ++i) {
    for (size_t j = 0; j < kTile; ++j)
      result.value[i][j] = static_cast<float>(powers[i][j]);
  }
  return result;
}

/// G, of the taps and their gradients.
template <int kPoints, int kTaps>
constexpr PointMatrix<kPoints, kTaps> tap_matrix() {
  PointMatrix<kPoints, kTaps> result;
  const auto powers = point_powers<kPoints, kTaps>();
  for (size_t i = 0; i < kPoints; ++i) {
    const double scale = i + 1 < kPoints ? point_distance<kPoints>(i) : 1;
    for (size_t j = 0; j < kTaps; ++j)
      result.value[i][j] = static_cast<float>(powers[i][j] / scale);
  }
  return result;
}

/// B, of the inputs: row i holds the coefficients of the product of (x - p_k)
/// over all k but i; infinity's over all k.
template <int kPoints>
constexpr PointMatrix<kPoints, kPoints> input_matrix() {
  PointMatrix<kPoints, kPoints> result;
  for (size_t i = 0; i < kPoints; ++i) {
    std::array<double, kPoints> polynomial{1};
    for (size_t k = 0; k + 1 < kPoints; ++k) {
      if (k == i) continue;
      for (size_t j = kPoints - 1; j > 0; --j) {
        polynomial[j] =
            polynomial[j - 1] - kWinogradPoints<kPoints>[k] * polynomial[j];
      }
      polynomial[0] *= -kWinogradPoints<kPoints>[k];
    }
    for (size_t j = 0; j < kPoints; ++j)
      result.value[i][j] = static_cast<float>(polynomial[j]);
  }
  return result;
}

/// F(kTile x kTile, kTaps x kTaps).
template <int kTileSize, int kTapCount>
struct WinogradScheme {
  static constexpr int kTile = kTileSize, kTaps = kTapCount;
  static constexpr int kPoints = kTile + kTaps - 1;
  struct Input {
    static constexpr auto kMatrix = input_matrix<kPoints>();
  };
  struct Output {
    static constexpr auto kMatrix = output_matrix<kPoints, kTile>();
  };
  struct Taps {
    static constexpr auto kMatrix = tap_matrix<kPoints, kTaps>();
  };
};

}  // namespace fer
