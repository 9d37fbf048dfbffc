// Which images count as copies of one another (docs/audit.md).
#pragma once

#include <tuple>

#include "config/field.h"

namespace fer {

struct TwinConfig {
  bool near = true;
  double min_correlation = 0.95;
  int max_shift = 4;
  bool mirror = true;

  static constexpr auto fields() {
    using C = TwinConfig;
    return std::tuple(
        field(
            "near", &C::near,
            "Search for near twins (shifted, mirrored, encoded again) as well "
            "as for exact copies"),
        field("min_correlation", &C::min_correlation,
              "Correlation of the pixels from which two images are near twins")
            .in(0.5, 1),
        field("max_shift", &C::max_shift,
              "Largest shift between near twins, each way, where the image is "
              "48 pixels wide")
            .in(0, 8)
            .in_unit("pixels"),
        field("mirror", &C::mirror, "Mirror images count as near twins"));
  }
};

}  // namespace fer
