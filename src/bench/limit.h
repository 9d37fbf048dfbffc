// What arithmetic allows: the share of the processor's peak that a rate stands
// for, and rates that cannot be.
#pragma once

#include "config/field.h"

namespace fer {

enum class Verdict {
  kPossible,
  /// More work than the peak allows, if convolutions were computed directly:
  /// Winograd's need fewer multiplications.
  kDirectEquivalent,
  kImpossible,  ///< a measuring error
};
template <>
inline constexpr const char* kWords<Verdict>[] = {
    "possible", "direct-equivalent", "impossible"};

/// A rate beside the peak.
struct Judgement {
  double flops = 0;  ///< operations a second, as if computed directly
  double limit = 0;  ///< images a second at the peak; 0: not known
  double share = 0;  ///< of the limit; 0: not known
  Verdict verdict = Verdict::kPossible;
};

/// `multiply_adds` of one image, two operations each; `peak` in operations a
/// second, 0 where it is not known. A rate may be 3 % above the limit: so much
/// do clock rates differ between the probe and the work.
Judgement judge(double images_per_second, double multiply_adds, double peak,
                bool winograd);

}  // namespace fer
