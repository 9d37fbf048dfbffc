// Do the run's probabilities mean what they say? What is measured for the
// calibration section of the page and its figure, from the predictions files.
#pragma once

#include <optional>
#include <string>

#include "report/gnuplot.h"
#include "report/run_files.h"
#include "stats/calibration.h"
#include "stats/temperature.h"

namespace fer {

/// One table of predictions, measured.
struct CalibrationScores {
  Reliability width, mass;  ///< 15 bins of equal width, of equal mass
  double log_loss = 0;
};

struct Calibration {
  std::string split;  ///< the one it speaks of: test where there is one
  size_t images = 0;
  CalibrationScores before;
  /// Nothing without predictions of val, or where the split is val itself: a
  /// temperature is fitted on other images than it is judged on.
  std::optional<TemperatureFit> fit;
  std::optional<CalibrationScores> after;
};

/// Nothing when the run has no predictions.
std::optional<Calibration> measure_calibration(const RunFiles& run);

/// {"split", "images", "mean_confidence", "accuracy", "ece_equal_width",
/// "ece_equal_mass", "log_loss", "temperature", "scaled"}; the last two are
/// null without a temperature, else "scaled" has ece_* and log_loss behind it.
Json calibration_json(const Calibration& calibration);

/// Adds the reliability diagram to the script: accuracy over confidence with
/// 95 % intervals, before and after the temperature, and how many images lie
/// where.
void draw_reliability(const Calibration& calibration, size_t classes,
                      const std::string& name, Gnuplot& plot);

}  // namespace fer
