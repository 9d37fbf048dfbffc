// The kernels of batch normalisation themselves, run on the CPU (see
// emulated/cuda/launch.h), against those of src/kernels/ and against the
// formulas in double: odd pictures, channels that fill no pack and no block,
// few rows and many blocks of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "cuda/launch.h"
#include "cuda/norm_cases.h"
#include "kernels/dropout_mask.h"
#include "kernels/pooled_batch_norm.h"

namespace fer {
namespace {

template <class T>
void check(const NormCase& c) {
  SCOPED_TRACE(testing::Message()
               << c.shape.images << " of " << c.shape.height << "x"
               << c.shape.width << ", " << c.shape.channels
               << " channels, rectify " << static_cast<int>(c.rectify)
               << ", dropout " << c.rate.value_or(-1));
  const NormValues<T> values(c);
  const NormResults found = by_cuda_kernels(c, values),
                    cpu = by_cpu_kernels(c, values),
                    exact = in_double(c, values);
  // Sums of a few values that nearly cancel have no more to offer in float.
  const double limit = c.rows().count < 1000 ? 2e-6 : 5e-7;
  EXPECT_LE(distance(found.variance, exact.variance), limit);
  EXPECT_LE(distance(found.running, exact.running), 1e-7);
  EXPECT_LE(distance(found.y, exact.y), tolerance<T>());
  EXPECT_LE(distance(found.dweight, exact.dweight), limit);
  EXPECT_LE(distance(found.dbias, exact.dbias), limit);
  EXPECT_LE(distance(found.dx, exact.dx), std::max(tolerance<T>(), limit));

  // Sums in another order; in bf16 few values fall to the other side of a
  // rounding for it.
  const double near = std::is_same_v<T, Bf16> ? 1e-4 : limit;
  EXPECT_LE(distance(found.y, cpu.y), near);
  EXPECT_LE(distance(found.dx, cpu.dx), near);
  EXPECT_LE(distance(found.dweight, cpu.dweight), limit);
  EXPECT_LE(distance(found.dbias, cpu.dbias), limit);
  if (c.rate) {
    EXPECT_EQ(found.choice, cpu.choice);
  }
}

void check_both(const NormCase& c) {
  check<float>(c);
  check<Bf16>(c);
}

TEST(NormKernels, AreTheTextbook) {
  for (const Rectify rectify :
       {Rectify::kNone, Rectify::kBefore, Rectify::kAfter}) {
    for (const int64_t channels : {1, 3, 16, 37, 64, 132}) {
      for (const int64_t rows : {17, 63, 1001})
        check_both({{rows, 1, 1, channels}, rectify});
    }
    check_both({{2, 1, 1, 300}, rectify});
  }
}

// 479 rows of 17 channels are one block, in which a thread has 60 rows.
TEST(NormKernels, SumMoreRowsThanFloatTakes) {
  ASSERT_EQ(norm_blocks({479, 17}), 1);
  check_both({{479, 1, 1, 17}});
}

TEST(NormKernels, TakeMemoryThatIsNotAligned) {
  check_both({.shape = {65, 1, 1, 8}, .unaligned = true});
  check_both({.shape = {3, 4, 5, 8}, .rate = 0.4, .unaligned = true});
}

TEST(NormKernels, PoolAndDropAsTheStepsOneByOne) {
  for (const double rate : {0.0, 0.4}) {
    for (const PictureShape shape :
         {PictureShape{2, 2, 2, 1}, PictureShape{3, 4, 6, 16},
          PictureShape{2, 5, 7, 19}, PictureShape{3, 7, 5, 20},
          PictureShape{1, 2, 3, 4}, PictureShape{9, 12, 12, 33},
          PictureShape{4, 6, 6, 140}})
      check_both({shape, Rectify::kBefore, rate});
  }
}

// Threads and blocks the other way round: other bits would be a race, a
// forgotten barrier, or a sum in the order in which blocks come.
TEST(NormKernels, DoNotDependOnTheOrderOfThreads) {
  for (const NormCase& c : {NormCase{{1001, 1, 1, 37}, Rectify::kAfter},
                            NormCase{{40, 5, 7, 36}, Rectify::kBefore, 0.4}}) {
    const NormValues<float> values(c);
    const NormResults forward = by_cuda_kernels(c, values);
    emulated_order = Order::kBackward;
    const NormResults backward = by_cuda_kernels(c, values);
    emulated_order = Order::kForward;
    EXPECT_EQ(forward.mean, backward.mean);
    EXPECT_EQ(forward.running, backward.running);
    EXPECT_EQ(forward.y, backward.y);
    EXPECT_EQ(forward.dx, backward.dx);
    EXPECT_EQ(forward.dweight, backward.dweight);
    EXPECT_EQ(forward.dbias, backward.dbias);
    EXPECT_EQ(forward.choice, backward.choice);
  }
}

TEST(NormKernels, MoveTheStatisticsByTheBiasedVarianceWhereAsked) {
  const NormCase c{{7, 1, 1, 5}};  // 7/6 of the variance is far from it
  const NormValues<float> values(c);
  for (const bool biased : {false, true}) {
    EXPECT_LE(distance(by_cuda_kernels(c, values, biased).running,
                       in_double(c, values, biased).running),
              1e-7);
  }
}

TEST(NormKernels, KeepAVarianceFarBelowTheMean) {
  // 1000 +- 1: the mean of squares minus the squared mean would lose the
  // variance in float. 1e-6: what 1 / sqrt(variance) as float tells of it.
  const NormCase c{{5000, 1, 1, 2}, Rectify::kNone, std::nullopt, 1000.0};
  const NormValues<float> values(c);
  const NormResults found = by_cuda_kernels(c, values),
                    exact = in_double(c, values);
  EXPECT_NEAR(found.mean[0], exact.mean[0], 4e-5);  // half a step of float
  EXPECT_LE(distance(found.variance, exact.variance), 5e-6);
}

TEST(NormKernels, DropWhatTheMaskOfTheKeyDrops) {
  const NormCase c{{5, 6, 6, 20}, Rectify::kBefore, 0.4};
  const NormResults found = by_cuda_kernels(c, NormValues<float>(c));
  std::vector<uint8_t> keep(found.choice.size());
  dropout_mask(kDropoutKey, 0.4, static_cast<int64_t>(keep.size()),
               keep.data());
  for (size_t i = 0; i < keep.size(); ++i)
    ASSERT_EQ(found.choice[i] == kDropped, keep[i] == 0) << i;
}

TEST(NormKernels, LetNanThrough) {
  // A run that has diverged must not look healthy behind a ReLU.
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const NormCase c{{4, 1, 1, 16}};
  NormValues<Bf16> values(c);
  values.x[5] = stored<Bf16>({nan})[0];
  const NormResults found = by_cuda_kernels(c, values);
  EXPECT_TRUE(std::isnan(found.mean[5]));
  EXPECT_TRUE(std::isnan(found.variance[5]));
  EXPECT_TRUE(std::isnan(found.y[5 + 16]));
  EXPECT_FALSE(std::isnan(found.y[4]));
}

TEST(NormBlocks, FollowFromTheShape) {
  EXPECT_EQ(norm_blocks({2, 1}), 1);
  EXPECT_EQ(norm_blocks({2304, 256}), 72);      // 2304 * 128 / 4096
  EXPECT_EQ(norm_blocks({294'912, 32}), 512);   // 2304 would be too many
  EXPECT_EQ(norm_blocks({100'000, 2048}), 32);  // 512 in 16 tiles of channels
  EXPECT_EQ(norm_workspace({2304, 256}), 2 * 72 * 256);
}

}  // namespace
}  // namespace fer
