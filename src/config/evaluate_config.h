// Scoring after training.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "config/field.h"

namespace fer {

enum class CheckpointKind { kBest, kLast };
template <>
inline constexpr const char* kWords<CheckpointKind>[] = {"best", "last"};

struct EvaluateConfig {
  CheckpointKind checkpoint = CheckpointKind::kBest;
  std::vector<std::string> splits = {"val", "test"};
  int batch_size = 256;
  double threshold = 0.5;
  std::string positive_class;
  double zero_division = 0.0;

  static constexpr auto fields() {
    using C = EvaluateConfig;
    return std::tuple(
        field("checkpoint", &C::checkpoint, "Which weights are scored"),
        field("splits", &C::splits,
              "Splits scored after training: train, val, test"),
        field("batch_size", &C::batch_size, "Images per forward pass")
            .in(1, 65'536)
            .in_unit("images"),
        field("threshold", &C::threshold,
              "Two classes: probability of label 1 from which it is predicted")
            .more_than(0)
            .less_than(1),
        field("positive_class", &C::positive_class,
              "Two classes: the class that precision, recall and ROC speak of; "
              "empty: label 1"),
        field("zero_division", &C::zero_division,
              "Value of a ratio 0/0, as in scikit-learn")
            .in(0, 1));
  }
};

}  // namespace fer
