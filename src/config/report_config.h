// Tables, figures and the HTML page.
#pragma once

#include <tuple>

#include "config/field.h"

namespace fer {

struct ReportConfig {
  bool figures = true;
  bool html = true;
  int samples = 16;

  static constexpr auto fields() {
    using C = ReportConfig;
    return std::tuple(
        field("figures", &C::figures, "Draw SVG and PNG figures with gnuplot"),
        field("html", &C::html, "Write the self-contained report.html"),
        field("samples", &C::samples,
              "Sample predictions shown, half right and half wrong")
            .in(0, 400)
            .in_unit("images"));
  }
};

}  // namespace fer
