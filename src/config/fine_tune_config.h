// What stays as it is, and for how long, when training starts from weights.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "config/field.h"

namespace fer {

struct FineTuneConfig {
  std::map<std::string, double> freeze;
  double layer_decay = 1.0;
  bool freeze_batch_norm = false;

  static constexpr auto fields() {
    using C = FineTuneConfig;
    return std::tuple(
        field("freeze", &C::freeze,
              "Parameters left alone: a regular expression that their names "
              "match from the start, and for how many epochs (0: all of them); "
              "{\"(?!head)\": 3} trains the head alone for three epochs")
            .at_least(0)
            .in_unit("epochs"),
        field("layer_decay", &C::layer_decay,
              "Learning rate of a layer as a share of that of the layer above "
              "it; 1: the same for all")
            .more_than(0)
            .at_most(1),
        field("freeze_batch_norm", &C::freeze_batch_norm,
              "Batch normalisation uses its moving statistics in training too, "
              "and leaves them alone"));
  }
};

}  // namespace fer
