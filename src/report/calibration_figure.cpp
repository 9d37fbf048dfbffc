// The reliability diagram.
#include <fmt/core.h>

#include "report/calibration.h"
#include "report/plot_style.h"

namespace fer {
namespace {

constexpr int kWidth = 520, kHeight = 480;
// Fewer images say nothing that a point could show.
constexpr int64_t kFewest = 5;

std::string points(const Reliability& reliability, size_t series,
                   const std::string& title, Gnuplot& plot) {
  std::vector<std::vector<double>> columns(4);
  for (const ReliabilityBin& bin : reliability.bins) {
    if (bin.count < kFewest) continue;
    columns[0].push_back(bin.confidence);
    columns[1].push_back(bin.accuracy);
    columns[2].push_back(bin.interval.low);
    columns[3].push_back(bin.interval.high);
  }
  return fmt::format(
      "{} using 1:2:3:4 with yerrorbars lw 1.8 pt 7 ps 0.8 lc rgb '{}' title "
      "{}, ",
      plot.data(columns), series_colour(series),
      gnuplot_string(
          fmt::format("{} (ECE {:.4f})", title, reliability.expected_error)));
}

// Share of the images in each bin, as columns from the ground.
std::string columns_of(const Reliability& reliability, size_t images,
                       Gnuplot& plot) {
  std::vector<std::vector<double>> columns(2);
  for (const ReliabilityBin& bin : reliability.bins) {
    columns[0].push_back((bin.low + bin.high) / 2);
    columns[1].push_back(static_cast<double>(bin.count) /
                         static_cast<double>(images));
  }
  return fmt::format(
      "{} using 1:2 with boxes fs solid noborder lc rgb '{}' notitle, ",
      plot.data(columns), kGrid);
}

}  // namespace

void draw_reliability(const Calibration& calibration, size_t classes,
                      const std::string& name, Gnuplot& plot) {
  const double chance = 1.0 / static_cast<double>(classes);
  std::string commands = fmt::format(
      "set title {} font ',15'\nset xlabel 'confidence: probability of the "
      "answer'\nset ylabel 'accuracy'\nset xrange [{:.4f}:1.01]\n"
      "set yrange [0:1.01]\nset xtics 0.1\nset ytics 0.2\nset format '%.1f'\n"
      "set boxwidth {:.6f}\nset bmargin 7\nset key at "
      "screen 0.53, screen 0.02 bottom center reverse Left\n"
      "set bars 0.5\nplot ",
      gnuplot_string("Reliability, " + calibration.split), chance - 0.02,
      0.94 / static_cast<double>(calibration.before.width.bins.size()));
  commands += columns_of(calibration.before.width, calibration.images, plot);
  commands += points(calibration.before.width, 0, "as trained", plot);
  if (calibration.after)
    commands += points(
        calibration.after->width, 1,
        fmt::format("temperature {:.2f}", calibration.fit->temperature), plot);
  commands +=
      fmt::format("x with lines dt 2 lw 1.2 lc rgb '{}' notitle\n", kFaint);
  plot.figure(name, kWidth, kHeight, commands);
}

}  // namespace fer
