// The same predictions beside the other label set of the images.
#pragma once

#include <filesystem>
#include <vector>

#include "config/sections.h"
#include "core/json.h"
#include "data/image_set.h"
#include "metrics/predictions.h"

namespace fer {

/// The predictions of the rows that `other` gives a label, with that label;
/// rows[i] is the image of prediction i.
Predictions with_other_labels(const Predictions& predictions,
                              const std::vector<int64_t>& rows,
                              const OtherLabels& other);

/// Writes them and gives their scores, as they stand in metrics.json.
Json write_other_predictions(const std::filesystem::path& path,
                             const Predictions& predictions,
                             const std::vector<int64_t>& rows,
                             const OtherLabels& other,
                             const EvaluateConfig& config);

}  // namespace fer
