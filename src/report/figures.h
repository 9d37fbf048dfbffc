// The figures of a run: what there is to draw, and drawing it.
#pragma once

#include <string>
#include <vector>

#include "report/gnuplot.h"
#include "report/run_files.h"

namespace fer {

/// A figure that the run folder has the data for: figures/<name>.svg and .png.
struct Figure {
  std::string name;     ///< "loss", "roc-test"
  std::string caption;  ///< one sentence for the page
  std::string group;    ///< "training", "calibration", or the split it shows
};

/// Draws every figure that the run has data for into <run>/figures.
/// Throws DataError (no gnuplot, full disk).
void draw_figures(const RunFiles& run);

/// The figures that draw_figures draws, in the order of the page.
std::vector<Figure> list_figures(const RunFiles& run);

/// Each adds one figure called `name` to the script.
void draw_loss(const RunFiles& run, const std::string& name, Gnuplot& plot);
void draw_accuracy(const RunFiles& run, const std::string& name, Gnuplot& plot);
void draw_learning_rate(const RunFiles& run, const std::string& name,
                        Gnuplot& plot);
void draw_roc(const Predictions& predictions, size_t positive,
              const std::string& split, const std::string& name, Gnuplot& plot);
void draw_precision_recall(const Predictions& predictions, size_t positive,
                           const std::string& split, const std::string& name,
                           Gnuplot& plot);
/// `share`: rows as shares of their sum instead of counts.
void draw_confusion(const Json& scores, bool share, const std::string& split,
                    const std::string& name, Gnuplot& plot);

}  // namespace fer
