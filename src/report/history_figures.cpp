// Curves over the epochs.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "report/figures.h"
#include "report/plot_style.h"

namespace fer {
namespace {

struct Range {
  double low = INFINITY, high = -INFINITY;
};

Range range_of(const std::vector<std::vector<double>>& columns) {
  Range range;
  for (const auto& column : columns)
    for (const double value : column)
      if (std::isfinite(value)) {
        range.low = std::min(range.low, value);
        range.high = std::max(range.high, value);
      }
  return range;
}

std::string heading(std::string_view title) {
  return fmt::format(
      "set label {} at graph 0, graph 1.07 left font ',15' tc rgb '{}'\n"
      "set tmargin 3.4\nset key at graph 1, graph 1.12 right top horizontal\n",
      gnuplot_string(title), kInk);
}

std::string epoch_axis(const std::vector<double>& epochs) {
  const Range range = range_of({epochs});
  const double pad = range.high > range.low ? 0 : 0.5;
  return fmt::format("set xlabel 'epoch'\nset xrange [{}:{}]\n{}",
                     range.low - pad, range.high + pad,
                     range.high - range.low < 10 ? "set xtics 1\n" : "");
}

// A dashed line at the kept epoch with its value, beside the line where there
// is room; `height` in shares of the graph.
std::string best_mark(const RunFiles& run, const std::vector<double>& values,
                      std::string_view unit, double height) {
  const auto best = best_epoch(run);
  if (!best) return {};
  const auto epochs = run.history_column("epoch");
  const Range range = range_of({epochs});
  const bool right_half = best->epoch > (range.low + range.high) / 2;
  std::string words = fmt::format("best epoch {}", best->epoch);
  if (best->row < values.size() && std::isfinite(values[best->row]))
    words += fmt::format(", {} {:.4f}", unit, values[best->row]);
  return fmt::format(
      "set arrow from {0}, graph 0 to {0}, graph 1 nohead dt 2 lw 1.2 lc rgb "
      "'{1}'\nset label {2} at {0}, graph {3} {4} offset {5},0 tc rgb '{6}'\n",
      best->epoch, kFaint, gnuplot_string(words), height,
      right_half ? "right" : "left", right_half ? -0.8 : 0.8, kInk);
}

// "plot 'file' using 1:2 ..., 'file' using 1:3 ..." for the columns with data.
std::string lines(const std::string& file,
                  const std::vector<std::vector<double>>& columns,
                  const std::vector<std::string>& titles) {
  std::string plot = "plot ";
  const bool dots = columns[0].size() <= 60;
  bool first = true;
  for (size_t i = 1; i < columns.size(); ++i) {
    if (range_of({columns[i]}).low == INFINITY) continue;
    plot += fmt::format("{}{} using 1:{} with {} lw 2 lc rgb '{}' title {}",
                        first ? "" : ", ", file, i + 1,
                        dots ? "linespoints pt 7 ps 0.35" : "lines",
                        series_colour(i - 1), gnuplot_string(titles[i - 1]));
    first = false;
  }
  return plot + "\n";
}

// Columns of equal length; a missing one is all gaps.
std::vector<std::vector<double>> columns_of(
    const RunFiles& run, const std::vector<std::string>& names) {
  std::vector<std::vector<double>> columns;
  const size_t rows = run.history->rows.size();
  for (const std::string& name : names) {
    columns.push_back(run.history_column(name));
    columns.back().resize(rows, NAN);
  }
  return columns;
}

}  // namespace

void draw_loss(const RunFiles& run, const std::string& name, Gnuplot& plot) {
  const auto columns = columns_of(run, {"epoch", "train_loss", "val_loss"});
  const Range range = range_of({columns[1], columns[2]});
  const bool log = range.low > 0 && range.high / range.low > 50;
  plot.figure(
      name, 580, 400,
      heading("Loss") + epoch_axis(columns[0]) +
          best_mark(run, columns[2], "validation", 0.95) +
          (log ? "set logscale y\nset ylabel 'loss (logarithmic)'\n"
               : "set yrange [0:*]\nset ylabel 'loss'\n") +
          lines(plot.data(columns), columns, {"training", "validation"}));
}

void draw_accuracy(const RunFiles& run, const std::string& name,
                   Gnuplot& plot) {
  const auto columns =
      columns_of(run, {"epoch", "train_accuracy", "val_accuracy"});
  plot.figure(
      name, 580, 400,
      heading("Accuracy") + epoch_axis(columns[0]) +
          best_mark(run, columns[2], "validation", 0.05) +
          "set ylabel 'accuracy'\nset yrange [*:1<*]\nset format y '%.2f'\n" +
          lines(plot.data(columns), columns, {"training", "validation"}));
}

void draw_learning_rate(const RunFiles& run, const std::string& name,
                        Gnuplot& plot) {
  const auto columns = columns_of(run, {"epoch", "learning_rate"});
  const Range range = range_of({columns[1]});
  const bool log = range.low > 0 && range.high / range.low > 5;
  plot.figure(name, 580, 400,
              heading("Learning rate") + epoch_axis(columns[0]) +
                  best_mark(run, {}, "", 0.95) +
                  (log ? "set logscale y\nset format y '%.0e'\n"
                       : "set yrange [0:*]\nset format y '%.1e'\n") +
                  "set ylabel 'learning rate'\nset key off\n" +
                  fmt::format("plot {} using 1:2 with steps lw 2 lc rgb '{}' "
                              "title ''\n",
                              plot.data(columns), series_colour(0)));
}

}  // namespace fer
