// Which images show one photograph: exact copies, and near twins, which are
// shifted or cropped by a few pixels, mirrored, encoded again, or a little
// lighter or darker. How they are found, and how often that errs:
// docs/audit.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "config/sections.h"
#include "data/image_set.h"

namespace fer {

/// Two different pictures that are near twins; a < b, each the first of its
/// exact copies.
struct TwinPair {
  int64_t a = 0, b = 0;
  float correlation = 0;  ///< of the pixels where both overlap, up to 1
  float zoom = 1;        ///< pixel (x, y) of a, from the middle of the picture,
  float dx = 0, dy = 0;  ///< is (zoom x + dx, zoom y + dy) of b, in pixels of
                         ///< a 48 x 48 picture
  bool mirrored = false;  ///< b mirrored left to right before that

  bool operator==(const TwinPair&) const = default;
};

/// Indices are those of the ImageSet.
struct Twins {
  /// For each image the smallest index of its group; itself where it has no
  /// twin. Transitive: a twin of a twin is in the group. A blank image is
  /// nobody's twin.
  std::vector<int64_t> group;
  /// For each image the first one with the same pixels (first_copies).
  std::vector<int64_t> first;
  std::vector<bool> blank;     ///< one constant value
  std::vector<TwinPair> near;  ///< ascending by (a, b)
  bool searched = false;       ///< config.near: `near` was looked for

  bool operator==(const Twins&) const = default;
};

/// Searches all images; the work grows about as n log n, not n^2. The result
/// depends on the pixels and the settings alone, not on the number of threads.
Twins find_twins(const ImageSet& images, const TwinConfig& config);

/// The same, kept in `config.cache` under the images' fingerprint, the settings
/// of `config.twins` and the version of the search; a damaged file is searched
/// again, with a line on stderr. config.cache empty, or drawn faces (which are
/// not cached either): only find_twins().
Twins cached_twins(const ImageSet& images, const DataConfig& config);

/// Where cached_twins keeps the pairs: <data.cache>/<key>.twins.json.
std::filesystem::path twins_path(const ImageSet& images,
                                 const DataConfig& config);

/// Exact copies alone, as Twins.
Twins exact_twins(const ImageSet& images);

/// The first of each group of exact copies, blank ones left out, ascending:
/// among these near twins are looked for.
std::vector<int64_t> different_pictures(const Twins& exact);

/// Adds pairs to exact twins: joins their groups, sets `near` and `searched`.
void add_near_twins(Twins& twins, std::vector<TwinPair> near);

}  // namespace fer
