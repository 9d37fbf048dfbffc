#include "report/calibration.h"

#include "metrics/probability.h"

namespace fer {
namespace {

CalibrationScores scores_of(const Predictions& predictions) {
  return {reliability(predictions, Binning::kEqualWidth),
          reliability(predictions, Binning::kEqualMass),
          log_loss(predictions.labels, predictions.probabilities,
                   predictions.classes())};
}

Json scores_json(const CalibrationScores& scores) {
  return {{"ece_equal_width", scores.width.expected_error},
          {"ece_equal_mass", scores.mass.expected_error},
          {"log_loss", scores.log_loss}};
}

// The validation images, where they can say something about `split`.
const Predictions* validation_of(const RunFiles& run,
                                 const std::string& split) {
  const auto found = run.predictions.find("val");
  if (split == "val" || found == run.predictions.end() ||
      found->second.size() == 0 ||
      found->second.class_names != run.predictions.at(split).class_names)
    return nullptr;
  return &found->second;
}

}  // namespace

std::optional<Calibration> measure_calibration(const RunFiles& run) {
  std::vector<std::string> splits;
  for (const auto& [name, predictions] : run.predictions)
    if (predictions.size() > 0) splits.push_back(name);
  if (splits.empty()) return std::nullopt;
  Calibration calibration;
  calibration.split = split_order(std::move(splits))[0];
  const Predictions& predictions = run.predictions.at(calibration.split);
  calibration.images = predictions.size();
  calibration.before = scores_of(predictions);
  if (const Predictions* validation = validation_of(run, calibration.split)) {
    calibration.fit = fit_temperature(*validation);
    calibration.after =
        scores_of(apply_temperature(predictions, calibration.fit->temperature));
  }
  return calibration;
}

Json calibration_json(const Calibration& calibration) {
  Json json = scores_json(calibration.before);
  json["split"] = calibration.split;
  json["images"] = calibration.images;
  json["mean_confidence"] = calibration.before.width.confidence;
  json["accuracy"] = calibration.before.width.accuracy;
  json["temperature"] =
      calibration.fit ? Json(calibration.fit->temperature) : Json();
  json["scaled"] = calibration.after ? scores_json(*calibration.after) : Json();
  return json;
}

}  // namespace fer
