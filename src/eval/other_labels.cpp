#include "eval/other_labels.h"

#include "core/file.h"
#include "core/hash.h"
#include "metrics/metrics_json.h"

namespace fer {

Predictions with_other_labels(const Predictions& predictions,
                              const std::vector<int64_t>& rows,
                              const OtherLabels& other) {
  Predictions result;
  result.class_names = predictions.class_names;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int64_t label = other.labels[static_cast<size_t>(rows[i])];
    if (label < 0) continue;
    result.ids.push_back(predictions.ids[i]);
    result.labels.push_back(label);
    result.predicted.push_back(predictions.predicted[i]);
    for (size_t k = 0; k < predictions.classes(); ++k)
      result.probabilities.push_back(predictions.probability(i, k));
  }
  return result;
}

Json write_other_predictions(const std::filesystem::path& path,
                             const Predictions& predictions,
                             const std::vector<int64_t>& rows,
                             const OtherLabels& other,
                             const EvaluateConfig& config) {
  const Predictions others = with_other_labels(predictions, rows, other);
  write_predictions(path, others);
  Json scores =
      metrics_json(others, config.positive_class, config.zero_division);
  scores["predictions_sha256"] = sha256(read_file(path));
  return scores;
}

}  // namespace fer
