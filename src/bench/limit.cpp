#include "bench/limit.h"

namespace fer {
namespace {

constexpr double kTolerance = 1.03;

}  // namespace

Judgement judge(double images_per_second, double multiply_adds, double peak,
                bool winograd) {
  Judgement result;
  result.flops = 2 * multiply_adds * images_per_second;
  if (peak <= 0 || multiply_adds <= 0) return result;
  result.limit = peak / (2 * multiply_adds);
  result.share = images_per_second / result.limit;
  if (result.share > kTolerance) {
    result.verdict =
        winograd ? Verdict::kDirectEquivalent : Verdict::kImpossible;
  }
  return result;
}

}  // namespace fer
