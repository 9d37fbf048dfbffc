// The confusion matrix as a heat map with its numbers in the cells.
#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "report/figures.h"
#include "report/format.h"
#include "report/plot_style.h"
#include "report/scores.h"

namespace fer {
namespace {

// A long name would push the cells out of the picture. Cuts between UTF-8
// characters.
std::string shortened(const std::string& name) {
  constexpr size_t kLongest = 16;
  if (name.size() <= kLongest) return name;
  size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
    --end;
  return name.substr(0, end) + "...";
}

std::string tics(char axis, const std::vector<std::string>& names) {
  std::string list;
  for (size_t i = 0; i < names.size(); ++i)
    list += fmt::format("{}{} {}", i ? ", " : "",
                        gnuplot_string(shortened(names[i])), i);
  return fmt::format("set {}tics ({}) scale 0{}\n", axis, list,
                     axis == 'x' && names.size() > 4 ? " rotate by -35" : "");
}

std::string cell(size_t row, size_t column, double share,
                 const std::string& words, size_t classes) {
  const double x = static_cast<double>(column), y = static_cast<double>(row);
  return fmt::format(
      "set object rectangle from {},{} to {},{} fc rgb '{}' fs solid border "
      "rgb '#ffffff' lw 2\n"
      "set label {} at {},{} center font ',{}' tc rgb '{}' front\n",
      x - 0.5, y - 0.5, x + 0.5, y + 0.5, shade(share), gnuplot_string(words),
      x, y, classes <= 3 ? 18 : 12, ink_on_shade(share));
}

}  // namespace

void draw_confusion(const Json& scores, bool share, const std::string& split,
                    const std::string& name, Gnuplot& plot) {
  const auto matrix = confusion_of(scores);
  const auto names = score_classes(scores);
  const size_t k = matrix.size();
  std::string commands = fmt::format(
      "set title {} font ',15'\nset border 0\nunset grid\nset key off\n"
      "set xrange [-0.5:{}]\nset yrange [{}:-0.5]\n"
      "set xlabel 'predicted'\nset ylabel 'true'\n",
      gnuplot_string((share ? "Confusion, share of each true class, "
                            : "Confusion, images, ") +
                     split),
      static_cast<double>(k) - 0.5, static_cast<double>(k) - 0.5);
  commands += tics('x', names) + tics('y', names);
  for (size_t row = 0; row < k; ++row) {
    const double sum =
        std::accumulate(matrix[row].begin(), matrix[row].end(), 0.0);
    for (size_t column = 0; column < k; ++column) {
      const double part = sum > 0 ? matrix[row][column] / sum : 0;
      commands += cell(row, column, part,
                       share ? fmt::format("{:.3f}", part)
                             : format_count(matrix[row][column]),
                       k);
    }
  }
  // The plot command only lends its axes: the cells are objects.
  commands += "plot NaN notitle\n";
  const int size = static_cast<int>(std::max<size_t>(440, 140 + 62 * k));
  plot.figure(name, size + 40, size, commands);
}

}  // namespace fer
