// How far two tables of probabilities give images the same class, and the right
// one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fer {

struct Agreement {
  int64_t images = 0;
  int64_t same = 0;   ///< the same class
  int64_t close = 0;  ///< another one, but the reference's lead is too small
  int64_t right = 0;
  int64_t reference_right = 0;
};

/// `answers`, `reference`: `[images, classes]`; `labels`: `[images]`, or empty
/// where they are not known. `small_lead`: of the best probability over the
/// second.
Agreement agreement_of(std::span<const float> answers,
                       std::span<const float> reference,
                       std::span<const int64_t> labels, size_t classes,
                       double small_lead);

}  // namespace fer
