#include "kernels/kernel_cases.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <bit>
#include <cmath>

#include "core/philox.h"

namespace fer {

void on_every_target(const std::function<void()>& test) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    const testing::ScopedTrace trace(__FILE__, __LINE__,
                                     hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    test();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

std::vector<double> drawn(size_t n, uint64_t seed, double mean) {
  Philox random(seed, 0, 0, Purpose::kSynthetic);
  std::vector<double> values(n);
  for (double& value : values) {
    // Box and Muller; 1 - u is never 0.
    const double u = 1.0 - static_cast<double>(random.uniform());
    const double angle = 2 * M_PI * static_cast<double>(random.uniform());
    value = mean + std::sqrt(-2 * std::log(u)) * std::cos(angle);
  }
  return values;
}

float as_float(float value) { return value; }
float as_float(Bf16 value) {
  return std::bit_cast<float>(static_cast<uint32_t>(value.bits) << 16);
}

template <>
std::vector<float> stored(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

template <>
std::vector<Bf16> stored(const std::vector<double>& values) {
  std::vector<Bf16> result;
  for (const double value : values) {
    const auto bits = std::bit_cast<uint32_t>(static_cast<float>(value));
    const uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    result.push_back({static_cast<uint16_t>(rounded)});
  }
  return result;
}

template <class T>
std::vector<double> widened(const std::vector<T>& values) {
  std::vector<double> result;
  for (const T value : values)
    result.push_back(static_cast<double>(as_float(value)));
  return result;
}
template std::vector<double> widened(const std::vector<float>&);
template std::vector<double> widened(const std::vector<Bf16>&);

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  EXPECT_EQ(a.size(), b.size());
  double difference = 0, size = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    size += b[i] * b[i];
  }
  return std::sqrt(difference / size);
}

template <>
double tolerance<float>() {
  return 5e-7;
}
template <>
double tolerance<Bf16>() {
  return 0x1p-8;
}

}  // namespace fer
