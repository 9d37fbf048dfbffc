// One look for all figures: Okabe and Ito's colours, which most kinds of colour
// blindness tell apart, thin axes, a light grid.
#pragma once

#include <string>
#include <string_view>

namespace fer {

inline constexpr std::string_view kInk = "#24292f";    ///< text and axes
inline constexpr std::string_view kGrid = "#d8dee4";   ///< grid lines
inline constexpr std::string_view kFaint = "#8c959f";  ///< chance lines

/// gnuplot commands that every figure starts with.
extern const std::string_view kPlotStyle;

/// Colour of series i, "#0072b2" for the first; repeats after eight.
std::string_view series_colour(size_t i);

/// From white (0) to dark blue (1), for the cells of a heat map.
std::string shade(double share);

/// Ink that can be read on shade(share).
std::string_view ink_on_shade(double share);

/// An SVG of gnuplot's as part of a page: without XML head and white ground,
/// ids prefixed by `name` so that figures do not collide, and colours as CSS
/// variables (--ink, --grid, --faint, --series-0, ...) that follow the page's
/// light or dark scheme.
std::string svg_for_page(std::string svg, std::string_view name);

}  // namespace fer
