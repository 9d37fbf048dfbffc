// Drawn data for the tests of src/stats: the same on every machine.
#pragma once

#include <cstdint>
#include <vector>

#include "core/philox.h"
#include "metrics/predictions.h"

namespace fer {

/// Numbers of one stream.
class Draws {
 public:
  explicit Draws(uint64_t seed, uint32_t stream = 0)
      : philox_(seed, stream, 0, Purpose::kSynthetic) {}

  double uniform() { return philox_.next() * 0x1p-32; }
  int64_t below(int64_t n) {
    return static_cast<int64_t>(philox_.below(static_cast<uint32_t>(n)));
  }
  double normal();
  double exponential();
  /// The place of a probability, drawn with it; they sum to 1.
  int64_t choice(const std::vector<double>& probabilities);

 private:
  Philox philox_;
};

/// Rows "row-0", ... of `classes` classes; the true class stands out by
/// `skill` deviations of the noise. Probabilities have three digits, so that
/// some are equal.
Predictions drawn_predictions(size_t rows, size_t classes, uint64_t seed,
                              double skill = 1.5);

/// The rows, each as often as its weight says; ids come several times.
Predictions repeated(const Predictions& predictions,
                     const std::vector<double>& weights);

}  // namespace fer
