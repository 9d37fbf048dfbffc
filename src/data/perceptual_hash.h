// A perceptual hash that survives what near twins go through: pictures whose
// windows look alike get keys that differ in few bits or none.
//
// Picture: gray, 48 x 48. Window: a square a few pixels smaller, so that it can
// lie at every shift. Descriptor: the window's means over 8 x 8 cells, less
// their mean and divided by their norm, which takes brightness and contrast
// out. Signature: the descriptor's leading principal components over the data
// set itself, each divided by its standard deviation ("whitened"), the whole of
// length 1. Faces are so much alike that their plain descriptors all agree;
// whitened ones agree for the same photograph only. Key: signs of the leading
// components.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/image_set.h"

namespace fer {

inline constexpr int kPictureSide = 48;
inline constexpr int kCellsAcross = 8;
inline constexpr size_t kCells = kCellsAcross * kCellsAcross;

inline constexpr size_t kPictureBytes = size_t{kPictureSide} * kPictureSide;

/// Gray pictures of 48 x 48, one at a time: the set's own pixels where they are
/// that already, else channels and areas averaged.
class PictureMaker {
 public:
  using Memory = std::array<uint8_t, kPictureBytes>;
  using Weights = std::vector<std::vector<float>>;

  explicit PictureMaker(const ImageSet& images);
  /// Whether the set's pixels are the pictures.
  bool idle() const { return down_.empty(); }
  /// Picture i, in the set or in `memory`.
  const uint8_t* picture(size_t i, Memory& memory) const;
  void make(size_t i, uint8_t* out) const;

 private:
  const ImageSet& images_;
  Weights down_, across_;
};

/// All of them.
class Pictures {
 public:
  explicit Pictures(const ImageSet& images);
  const uint8_t* operator[](size_t i) const {
    return pixels_ + i * kPictureBytes;
  }

 private:
  std::vector<uint8_t> own_;
  const uint8_t* pixels_;
};

using Descriptor = std::array<float, kCells>;

/// Descriptors of all windows of one picture.
class Windows {
 public:
  /// max_shift in [0, 8]; the window has 8 * ((48 - 2 max_shift) / 8) pixels a
  /// side: 40 up to a shift of 4.
  Windows(const uint8_t* picture, int max_shift);

  /// The window whose corner is (x, y), in [0, 48 - side()]. False where its
  /// contrast is too low (standard deviation below 4 of 255) to tell pictures
  /// apart.
  bool describe(int x, int y, Descriptor& out) const;

  static int side(int max_shift);
  /// Corner of the window in the middle.
  static int centre(int max_shift);

 private:
  int cell_;
  /// Sums of all pixels above and left of a point.
  std::array<int32_t, (kPictureSide + 1) * (kPictureSide + 1)> sums_;
};

inline constexpr size_t kComponents = 32;
using Signature = std::array<float, kComponents>;

/// The hash: directions learned from descriptors.
class PerceptualHash {
 public:
  /// bits in [1, 24]. Principal components of at most 20,000 of the
  /// descriptors, taken at equal distances.
  PerceptualHash(std::span<const Descriptor> descriptors, int bits);

  int bits() const { return bits_; }

  /// The signatures of a window and of its mirror image; the product of two
  /// signatures is their likeness, up to 1.
  void sign(const Descriptor& descriptor, Signature& plain,
            Signature& mirrored) const;

  uint32_t key(const Signature& signature) const;

  /// The key, then keys that differ in the bits nearest to flipping: all
  /// combinations of the components that are smallest in size.
  static constexpr size_t kFlips = 4;
  static constexpr size_t kProbes = size_t{1} << kFlips;
  using Keys = std::array<uint32_t, kProbes>;
  Keys probe(const Signature& signature) const;

 private:
  int bits_;
  Signature offset_{};
  /// Along the parts of a descriptor that its mirror image shares (even) and
  /// that change sign there (odd): both signatures from half the products. By
  /// cell, so that the inner loop runs over components.
  std::array<Signature, kCells / 2> even_{}, odd_{};
};

}  // namespace fer
