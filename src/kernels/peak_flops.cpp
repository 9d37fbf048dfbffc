#include "kernels/peak_flops.h"

#include <algorithm>

#include "core/stopwatch.h"
#include "kernels/peak_loops.h"

namespace fer {
namespace {

using PeakLoop = int64_t (*)(int64_t rounds);

// Some 5 to 30 ms of work: short enough that one slice of many runs
// undisturbed.
constexpr int64_t kRounds = 1'000'000;

double slice(PeakLoop loop) {
  int64_t operations = 0;
  const auto start = Stopwatch::now();
#pragma omp parallel reduction(+ : operations)
  operations += loop(kRounds);
  return static_cast<double>(operations) / seconds_since(start);
}

double best_of(PeakLoop loop, double seconds) {
  slice(loop);  // threads and clocks wake up
  double best = 0;
  const auto start = Stopwatch::now();
  do {
    best = std::max(best, slice(loop));
  } while (seconds_since(start) < seconds);
  return best;
}

}  // namespace

double peak_flops_fp32(double seconds) {
  return best_of(&fp32_peak_loop, seconds);
}

std::optional<double> peak_flops_bf16(double seconds) {
  const Bf16Unit unit = bf16_unit();
  if (unit == Bf16Unit::kUnknown) return std::nullopt;
  const double as_float = peak_flops_fp32(seconds);
  if (unit == Bf16Unit::kNone) return as_float;
  return std::max(as_float, best_of(&bf16_peak_loop, seconds));
}

}  // namespace fer
