// Where a model was wrong and sure of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/json.h"
#include "metrics/predictions.h"

namespace fer {

struct Failure {
  std::string id;
  size_t predicted = 0;    ///< label of the wrong answer
  double probability = 0;  ///< that the model gave it
};

/// What went wrong with the images of one class.
struct ClassFailures {
  size_t images = 0, wrong = 0;
  /// The `count` answers with the highest probability, highest first; equal
  /// ones by id.
  std::vector<Failure> worst;
};

/// By label. Throws what check_predictions throws.
std::vector<ClassFailures> confident_failures(const Predictions& predictions,
                                              size_t count);

/// [{"class", "images", "wrong", "worst": [{"id", "predicted",
/// "probability"}]}]
Json failures_json(const std::vector<ClassFailures>& failures,
                   const std::vector<std::string>& class_names);

}  // namespace fer
