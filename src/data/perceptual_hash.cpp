#include "data/perceptual_hash.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/parallel.h"

namespace fer {
namespace {

constexpr size_t kSample = 20'000;
constexpr float kLeastDeviation = 4;

using Weights = PictureMaker::Weights;

// weights[i][k]: the share of source pixel k in output pixel i, area for area.
Weights area_weights(size_t from) {
  Weights weights(kPictureSide, std::vector<float>(from));
  const double step = static_cast<double>(from) / kPictureSide;
  for (size_t i = 0; i < kPictureSide; ++i) {
    const double begin = static_cast<double>(i) * step, end = begin + step;
    for (size_t k = 0; k < from; ++k) {
      const auto pixel = static_cast<double>(k);
      const double shared = std::min(end, pixel + 1) - std::max(begin, pixel);
      weights[i][k] = static_cast<float>(std::max(0.0, shared) / step);
    }
  }
  return weights;
}

// rows [48][w] = down [48][h] * image [h][w], then the same across.
void shrink(std::span<const uint8_t> image, size_t channels,
            const Weights& down, const Weights& across, uint8_t* out) {
  const size_t height = down[0].size(), width = across[0].size();
  std::vector<float> gray(height * width), row(width);
  for (size_t i = 0; i < image.size(); ++i)
    gray[i % gray.size()] += static_cast<float>(image[i]);
  for (size_t y = 0; y < kPictureSide; ++y) {
    std::fill(row.begin(), row.end(), 0.0f);
    for (size_t k = 0; k < height; ++k) {
      if (down[y][k] == 0) continue;
      for (size_t x = 0; x < width; ++x)
        row[x] += down[y][k] * gray[k * width + x];
    }
    for (size_t x = 0; x < kPictureSide; ++x) {
      const float sum =
          std::inner_product(row.begin(), row.end(), across[x].begin(), 0.0f);
      out[y * kPictureSide + x] = static_cast<uint8_t>(
          std::min(255.0f, sum / static_cast<float>(channels) + 0.5f));
    }
  }
}

}  // namespace

PictureMaker::PictureMaker(const ImageSet& images) : images_(images) {
  if (images.channels == 1 && images.height == kPictureSide &&
      images.width == kPictureSide)
    return;
  down_ = area_weights(images.height);
  across_ = area_weights(images.width);
}

const uint8_t* PictureMaker::picture(size_t i, Memory& memory) const {
  if (idle()) return images_.image(i).data();
  make(i, memory.data());
  return memory.data();
}

void PictureMaker::make(size_t i, uint8_t* out) const {
  shrink(images_.image(i), images_.channels, down_, across_, out);
}

Pictures::Pictures(const ImageSet& images) : pixels_(images.pixels) {
  const PictureMaker maker(images);
  if (maker.idle()) return;
  own_.resize(images.size() * kPictureBytes);
  pixels_ = own_.data();
  parallel_for(
      images.size(),
      [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i)
          maker.make(i, own_.data() + i * kPictureBytes);
      },
      256);
}

// ------------------------------------------------------------- windows

int Windows::side(int max_shift) {
  return kCellsAcross * ((kPictureSide - 2 * max_shift) / kCellsAcross);
}

int Windows::centre(int max_shift) {
  return (kPictureSide - side(max_shift)) / 2;
}

Windows::Windows(const uint8_t* picture, int max_shift)
    : cell_(side(max_shift) / kCellsAcross) {
  constexpr size_t kRow = kPictureSide + 1;
  std::fill(sums_.begin(), sums_.begin() + kRow, 0);
  for (size_t y = 0; y < kPictureSide; ++y) {
    int32_t row = 0;
    sums_[(y + 1) * kRow] = 0;
    for (size_t x = 0; x < kPictureSide; ++x) {
      row += picture[y * kPictureSide + x];
      sums_[(y + 1) * kRow + x + 1] = sums_[y * kRow + x + 1] + row;
    }
  }
}

bool Windows::describe(int x, int y, Descriptor& out) const {
  constexpr int kRow = kPictureSide + 1;
  const auto at = [&](int column, int row) {
    return sums_[static_cast<size_t>((y + row * cell_) * kRow + x +
                                     column * cell_)];
  };
  const float mean =
      static_cast<float>(at(8, 8) - at(0, 8) - at(8, 0) + at(0, 0)) /
      static_cast<float>(kCells);
  float squares = 0;
  for (int row = 0; row < kCellsAcross; ++row) {
    for (int column = 0; column < kCellsAcross; ++column) {
      const float sum =
          static_cast<float>(at(column + 1, row + 1) - at(column, row + 1) -
                             at(column + 1, row) + at(column, row)) -
          mean;
      out[static_cast<size_t>(row * kCellsAcross + column)] = sum;
      squares += sum * sum;
    }
  }
  const float norm = std::sqrt(squares);
  const auto area = static_cast<float>(cell_ * cell_);
  if (norm < kLeastDeviation * area * kCellsAcross) return false;
  for (float& value : out) value /= norm;
  return true;
}

// ------------------------------------------------------------- hash

namespace {

constexpr auto kSize = static_cast<Eigen::Index>(kCells);

struct Spread {
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(kSize);
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(kSize, kSize);
};

Spread spread_of(std::span<const Descriptor> descriptors) {
  using Map = Eigen::Map<const Eigen::Matrix<float, kSize, 1>>;
  const size_t stride = descriptors.size() / kSample + 1;
  Spread spread;
  double n = 0;
  for (size_t i = 0; i < descriptors.size(); i += stride, ++n) {
    const Eigen::VectorXd value = Map(descriptors[i].data()).cast<double>();
    spread.mean += value;
    spread.covariance += value * value.transpose();
  }
  if (n == 0) return spread;
  spread.mean /= n;
  spread.covariance =
      (spread.covariance / n).eval() - spread.mean * spread.mean.transpose();
  return spread;
}

// Cell i of the left half and its mirror image.
size_t left_cell(size_t i) {
  constexpr size_t kHalf = kCellsAcross / 2;
  return i / kHalf * kCellsAcross + i % kHalf;
}
size_t right_cell(size_t i) {
  constexpr size_t kHalf = kCellsAcross / 2;
  return i / kHalf * kCellsAcross + kCellsAcross - 1 - i % kHalf;
}

void make_unit(Signature& signature) {
  const float square = std::inner_product(signature.begin(), signature.end(),
                                          signature.begin(), 0.0f);
  const float scale = square > 0 ? 1 / std::sqrt(square) : 0;
  for (float& value : signature) value *= scale;
}

}  // namespace

PerceptualHash::PerceptualHash(std::span<const Descriptor> descriptors,
                               int bits)
    : bits_(bits) {
  const Spread spread = spread_of(descriptors);
  // Eigenvalues ascend: the last columns are the leading components.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      spread.covariance);
  for (size_t c = 0; c < kComponents; ++c) {
    const Eigen::Index column = kSize - 1 - static_cast<Eigen::Index>(c);
    const double variance = solver.eigenvalues()[column];
    // Of few or equal images some components are nothing but rounding.
    if (variance < 1e-9) break;
    const Eigen::VectorXd axis =
        solver.eigenvectors().col(column) / std::sqrt(variance);
    offset_[c] = static_cast<float>(-spread.mean.dot(axis));
    const auto along = [&](size_t cell) {
      return static_cast<float>(axis[static_cast<Eigen::Index>(cell)]);
    };
    for (size_t i = 0; i < kCells / 2; ++i) {
      even_[i][c] = along(left_cell(i)) + along(right_cell(i));
      odd_[i][c] = along(left_cell(i)) - along(right_cell(i));
    }
  }
}

void PerceptualHash::sign(const Descriptor& descriptor, Signature& plain,
                          Signature& mirrored) const {
  Signature even = offset_, odd{};
  for (size_t i = 0; i < kCells / 2; ++i) {
    const float left = descriptor[left_cell(i)];
    const float right = descriptor[right_cell(i)];
    const float shared = 0.5f * (left + right), turned = 0.5f * (left - right);
    for (size_t c = 0; c < kComponents; ++c) {
      even[c] += shared * even_[i][c];
      odd[c] += turned * odd_[i][c];
    }
  }
  for (size_t c = 0; c < kComponents; ++c) {
    plain[c] = even[c] + odd[c];
    mirrored[c] = even[c] - odd[c];
  }
  make_unit(plain);
  make_unit(mirrored);
}

uint32_t PerceptualHash::key(const Signature& signature) const {
  uint32_t result = 0;
  for (int c = 0; c < bits_; ++c)
    result |= uint32_t{signature[static_cast<size_t>(c)] > 0} << c;
  return result;
}

PerceptualHash::Keys PerceptualHash::probe(const Signature& signature) const {
  std::array<float, kFlips> least;
  least.fill(2);
  std::array<uint32_t, kFlips> flips{};
  for (int c = 0; c < bits_; ++c) {
    float size = std::fabs(signature[static_cast<size_t>(c)]);
    if (size >= least.back()) continue;
    uint32_t flip = uint32_t{1} << c;
    for (size_t k = 0; k < kFlips; ++k) {
      if (size >= least[k]) continue;
      std::swap(size, least[k]);
      std::swap(flip, flips[k]);
    }
  }
  Keys keys;
  keys.fill(key(signature));
  for (size_t i = 0; i < kProbes; ++i) {
    for (size_t k = 0; k < kFlips; ++k) {
      if (i >> k & 1) keys[i] ^= flips[k];
    }
  }
  return keys;
}

}  // namespace fer
