// Which rows a resample holds: the drawing of bootstrap.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fer {

/// Rows as units inside strata. Strata and units keep the order of their first
/// row, so names of strata and groups do not change the draws.
class Resampler {
 public:
  /// strata and groups: empty or one per row. DataError for no rows, other
  /// lengths, fewer than two units.
  Resampler(size_t rows, std::span<const int64_t> strata,
            std::span<const int64_t> groups);

  size_t rows() const { return rows_; }
  size_t strata() const { return first_.size() - 1; }
  size_t units(size_t h) const { return first_[h + 1] - first_[h]; }

  /// How often resample `index` holds each row; `weights` has rows() places.
  void draw(uint64_t seed, uint32_t index, std::span<double> weights) const;

  /// Gives all rows of a stratum, or of one of its units, this weight.
  void set_stratum(size_t stratum, double weight,
                   std::span<double> weights) const;
  void set_unit(size_t stratum, size_t unit, double weight,
                std::span<double> weights) const;

 private:
  size_t rows_;
  std::vector<size_t> first_;  ///< of each stratum its first unit; then the end
  std::vector<uint32_t> begin_;  ///< of each unit its place in order_; the end
  std::vector<uint32_t> order_;  ///< rows, unit by unit
};

}  // namespace fer
