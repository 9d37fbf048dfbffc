// Predictions for people and programs.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "deploy/predict.h"

namespace fer {

/// One line of JSON: "file", "frame" of a video, then outcome_json(), or
/// "error".
std::string prediction_line(const Prediction& prediction,
                            const OnnxContract& contract);

/// A table with a line for each face (`nil` where there is none), what could
/// not be read left out; below it how many of each outcome, and what to do
/// about them.
std::string predictions_text(std::span<const Prediction> predictions,
                             const OnnxContract& contract);

}  // namespace fer
