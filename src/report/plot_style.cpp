#include "report/plot_style.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace fer {
namespace {

// Not a series colour: cells keep it in a dark page, where series turn lighter.
constexpr std::string_view kFullShade = "#0b4f87";

constexpr std::array<std::string_view, 8> kSeries = {
    "#0072b2", "#d55e00", "#009e73", "#e69f00",
    "#56b4e9", "#cc79a7", "#7f6000", "#555555"};

int channel(std::string_view colour, int i) {
  return std::stoi(std::string(colour.substr(1 + 2 * i, 2)), nullptr, 16);
}

void replace_all(std::string& text, std::string_view from,
                 std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// gnuplot writes one colour in two ways, one of them padded.
void replace_colour(std::string& svg, std::string_view colour,
                    std::string_view variable) {
  const int r = channel(colour, 0), g = channel(colour, 1),
            b = channel(colour, 2);
  const std::string with = fmt::format("var({})", variable);
  replace_all(svg, fmt::format("rgb({},{},{})", r, g, b), with);
  replace_all(svg, fmt::format("rgb({:3}, {:3}, {:3})", r, g, b), with);
}

// gnuplot's titles would show as tooltips "gnuplot_plot_1".
void remove_elements(std::string& svg, std::string_view open,
                     std::string_view close) {
  for (size_t at = svg.find(open); at != std::string::npos;
       at = svg.find(open, at)) {
    const size_t end = svg.find(close, at);
    if (end == std::string::npos) return;
    svg.erase(at, end + close.size() - at);
  }
}

}  // namespace

const std::string_view kPlotStyle =
    R"(set border 3 lw 1 lc rgb '#24292f'
set tics nomirror out scale 0.5 tc rgb '#24292f'
set grid x y lt 1 lw 0.7 lc rgb '#d8dee4'
set key tc rgb '#24292f' samplen 2 spacing 1.2
set xlabel tc rgb '#24292f'
set ylabel tc rgb '#24292f'
set title tc rgb '#24292f'
set style textbox opaque noborder fc rgb '#ffffff'
set datafile missing 'NaN'
)";

std::string_view series_colour(size_t i) { return kSeries[i % kSeries.size()]; }

std::string shade(double share) {
  const double s = std::clamp(share, 0.0, 1.0);
  std::string colour = "#";
  for (int i = 0; i < 3; ++i)
    colour += fmt::format(
        "{:02x}", static_cast<int>(255 + (channel(kFullShade, i) - 255) * s));
  return colour;
}

std::string_view ink_on_shade(double share) {
  return share > 0.55 ? "#fefefe" : "#111111";
}

std::string svg_for_page(std::string svg, std::string_view name) {
  const size_t start = svg.find("<svg");
  if (start == std::string::npos) return {};
  svg.erase(0, start);
  const size_t ground = svg.find("<rect x=\"0\" y=\"0\"");
  if (ground != std::string::npos)
    svg.erase(ground, svg.find("/>", ground) + 2 - ground);
  remove_elements(svg, "<title>", "</title>");
  remove_elements(svg, "<desc>", "</desc>");
  replace_all(svg, "id='", fmt::format("id='{}-", name));
  replace_all(svg, "id=\"", fmt::format("id=\"{}-", name));
  replace_all(svg, "href='#", fmt::format("href='#{}-", name));
  replace_all(svg, "url(#", fmt::format("url(#{}-", name));
  replace_colour(svg, kInk, "--ink");
  replace_colour(svg, kGrid, "--grid");
  replace_colour(svg, kFaint, "--faint");
  for (size_t i = 0; i < kSeries.size(); ++i)
    replace_colour(svg, kSeries[i], fmt::format("--series-{}", i));
  return svg;
}

}  // namespace fer
