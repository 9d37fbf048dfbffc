#include "kernels/peak_flops.h"

#include <gtest/gtest.h>

#include "kernels/peak_loops.h"

namespace fer {
namespace {

TEST(PeakFlops, CountsWholeVectorsOfMultiplyAdds) {
  EXPECT_EQ(fp32_peak_loop(0), 0);
  const int64_t ten = fp32_peak_loop(10);
  // 12 sums, two operations, vectors of 1 to 16 floats.
  EXPECT_EQ(ten % (10 * 12 * 2), 0);
  const int64_t lanes = ten / (10 * 12 * 2);
  EXPECT_GE(lanes, 1);
  EXPECT_LE(lanes, 16);
  EXPECT_EQ(fp32_peak_loop(20), 2 * ten);
}

TEST(PeakFlops, CountsPairsOrTilesOfBf16) {
  const Bf16Unit unit = bf16_unit();
  if (unit != Bf16Unit::kVector && unit != Bf16Unit::kTiles)
    GTEST_SKIP() << "no bf16 unit that is measured here";
  EXPECT_EQ(bf16_peak_loop(0), 0);
  // Twelve vectors of 16 pairs; or one product of 16x32 and 32x16.
  const int64_t round =
      unit == Bf16Unit::kVector ? 12 * 16 * 2 * 2 : 16 * 32 * 16 * 2;
  EXPECT_EQ(bf16_peak_loop(60), 60 * round);
}

TEST(PeakFlops, IsARateThatProcessorsHave) {
  const double fp32 = peak_flops_fp32(0.02);
  EXPECT_GT(fp32, 1e8);
  // 64 operations a cycle at 6 GHz on 1024 cores.
  EXPECT_LT(fp32, 64 * 6e9 * 1024);
}

TEST(PeakFlops, OfBf16IsNotBelowFp32) {
  const auto bf16 = peak_flops_bf16(0.02);
  if (!bf16) GTEST_SKIP() << "this processor's bf16 units are not measured";
  EXPECT_GT(*bf16, 0.3 * peak_flops_fp32(0.02));  // a busy machine
}

}  // namespace
}  // namespace fer
