#include "metrics/sklearn_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fer {
namespace {

/// SplitMix64; the state starts at the seed.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t below(uint64_t n) {
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return (z ^ (z >> 31)) % n;
  }

 private:
  uint64_t state_;
};

// One image's weights by class; see make_case in the script for the styles.
std::vector<uint64_t> draw_weights(Random& random, uint64_t style, uint64_t k,
                                   uint64_t label) {
  const uint64_t limit = style == 1 ? 3 : 1'000'000;
  std::vector<uint64_t> weights(k);
  for (uint64_t& weight : weights) weight = random.below(limit);
  if (style == 3) {
    weights[label] += limit;
  } else if (style == 4) {
    weights[label] = 0;
  } else if (style != 1) {
    weights[label] += random.below(limit);
  }
  const bool nothing = std::all_of(weights.begin(), weights.end(),
                                   [](auto w) { return w == 0; });
  if (nothing) std::fill(weights.begin(), weights.end(), 1);
  return weights;
}

uint64_t draw_guess(Random& random, uint64_t style, uint64_t only,
                    const std::vector<uint64_t>& weights) {
  if (style != 7) {
    return static_cast<uint64_t>(
        std::max_element(weights.begin(), weights.end()) - weights.begin());
  }
  const uint64_t guess = random.below(weights.size());
  return guess == only ? (only + 1) % weights.size() : guess;
}

}  // namespace

std::string SklearnCase::positive_class() const {
  if (predictions.classes() > 2) return "";
  return predictions.class_names[static_cast<size_t>(positive)];
}

SklearnCase sklearn_case(uint64_t i) {
  Random random(i);
  const uint64_t style = i % 8;
  const uint64_t k = 2 + random.below(7);
  const uint64_t n = 1 + random.below(style == 6 ? 8 : 400);
  const uint64_t only = random.below(k);
  SklearnCase result;
  Predictions& p = result.predictions;
  for (uint64_t c = 0; c < k; ++c)
    p.class_names.push_back("class" + std::to_string(c));
  for (uint64_t row = 0; row < n; ++row) {
    uint64_t label = random.below(k);
    if (style == 2) label = only;
    if ((style == 5 || style == 7) && label == only) label = (only + 1) % k;
    const auto weights = draw_weights(random, style, k, label);
    const auto total = static_cast<double>(
        std::accumulate(weights.begin(), weights.end(), uint64_t{0}));
    p.ids.push_back(std::to_string(row));
    p.labels.push_back(static_cast<int64_t>(label));
    p.predicted.push_back(
        static_cast<int64_t>(draw_guess(random, style, only, weights)));
    for (const uint64_t weight : weights)
      p.probabilities.push_back(static_cast<double>(weight) / total);
  }
  result.positive = static_cast<int64_t>(random.below(2));
  const double zero_divisions[] = {0.0, 1.0,
                                   std::numeric_limits<double>::quiet_NaN()};
  result.zero_division = zero_divisions[i % 3];
  return result;
}

const Json& sklearn_values() {
  static const Json values =
      read_json(FERBENCH_TEST_DIR "/reference/sklearn_metrics.json");
  return values;
}

void expect_equal(double value, const Json& expected, const std::string& what) {
  if (expected.is_null()) {
    EXPECT_TRUE(std::isnan(value)) << what << " = " << value;
    return;
  }
  const auto number = expected.get<double>();
  EXPECT_NEAR(value, number, 1e-12 * std::max(1.0, std::abs(number))) << what;
}

}  // namespace fer
