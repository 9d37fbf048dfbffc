// Whether the splits look alike.
#include <cmath>

#include "core/parallel.h"
#include "data/audit.h"

namespace fer {
namespace {

// One image: mean and variance (n) of its pixels.
struct Light {
  double mean = 0, variance = 0;
};

Light light_of(std::span<const uint8_t> pixels) {
  int64_t sum = 0, squares = 0;
  for (const uint8_t value : pixels) {
    sum += value;
    squares += int64_t{value} * value;
  }
  const auto n = static_cast<double>(pixels.size());
  const double mean = static_cast<double>(sum) / n;
  return {mean, static_cast<double>(squares) / n - mean * mean};
}

struct Spread {
  double n = 0, mean = 0, squares = 0;

  void add(double value) {  // Welford
    ++n;
    const double off = value - mean;
    mean += off / n;
    squares += off * (value - mean);
  }
  double variance() const { return squares / (n - 1); }
};

struct SplitLight {
  Spread brightness, contrast;
  double variance = 0;  ///< of all pixels
};

SplitLight light_of(const std::vector<Light>& lights,
                    const std::vector<int64_t>& rows) {
  SplitLight result;
  double within = 0;
  for (const int64_t row : rows) {
    const Light& light = lights[static_cast<size_t>(row)];
    result.brightness.add(light.mean);
    result.contrast.add(std::sqrt(std::max(0.0, light.variance)));
    within += light.variance;
  }
  result.variance = (within + result.brightness.squares) / result.brightness.n;
  return result;
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json difference(const Spread& a, const Spread& b) {
  return number((a.mean - b.mean) /
                std::sqrt((a.variance() + b.variance()) / 2));
}

}  // namespace

Json drift_of(const ImageSet& images, const Split& split) {
  std::vector<Light> lights(images.size());
  parallel_for(
      lights.size(),
      [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i)
          lights[i] = light_of(images.image(i));
      },
      4096);
  const SplitLight train = light_of(lights, split.train);
  const SplitLight val = light_of(lights, split.val);
  const SplitLight test = light_of(lights, split.test);
  Json drift;
  const auto add = [&](const char* name, const SplitLight& light) {
    const bool any = light.brightness.n > 0;
    drift[name] = {{"mean", any ? Json(light.brightness.mean) : Json(nullptr)},
                   {"variance", number(light.variance)}};
  };
  add("train", train);
  add("val", val);
  add("test", test);
  const auto compare = [&](const char* pair, const SplitLight& a,
                           const SplitLight& b) {
    drift["difference"][pair] = {
        {"brightness", difference(a.brightness, b.brightness)},
        {"contrast", difference(a.contrast, b.contrast)}};
  };
  compare("train-test", train, test);
  compare("train-val", train, val);
  compare("val-test", val, test);
  return drift;
}

}  // namespace fer
