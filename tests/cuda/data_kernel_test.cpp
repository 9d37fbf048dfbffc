// The data kernel itself, run on the CPU (see emulated/cuda/launch.h), against
// fill_batch(), to the bit.
#include "cuda/data_kernel.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "cuda/launch.h"
#include "data/batch.h"
#include "data/mixup.h"

namespace fer {
namespace {

constexpr uint64_t kSeed = 9;
constexpr uint32_t kEpoch = 3;
constexpr int kHeight = 24, kWidth = 20;  // not square: a swapped axis shows

const AugmentSettings kEverything{.horizontal_flip = 0.5f,
                                  .shift = 0.1f,
                                  .rotation = 20,
                                  .zoom = 0.2f,
                                  .brightness = 0.2f,
                                  .contrast = 0.3f,
                                  .cutout_probability = 0.5f,
                                  .cutout_size = 7,
                                  .any = true};

/// Seven of twenty drawn images in an order.
struct Split {
  explicit Split(size_t channels) : pixels(20 * channels * kHeight * kWidth) {
    uint32_t state = 1;
    for (uint8_t& pixel : pixels)
      pixel =
          static_cast<uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
    images.channels = channels;
    images.height = kHeight;
    images.width = kWidth;
    images.labels.assign(20, 0);
    images.pixels = pixels.data();
  }

  // [n, C, H, W] of all samples in the order.
  std::vector<float> expected(const AugmentSettings& augment) const {
    std::vector<float> out(order.size() * images.image_bytes());
    const std::vector<uint32_t> samples(order.begin(), order.end());
    fill_batch(images, rows, samples, augment, kSeed, kEpoch, out.data());
    return out;
  }

  std::vector<uint8_t> pixels;
  ImageSet images;
  std::vector<int64_t> rows{7, 19, 3, 0, 12, 5, 9};
  std::vector<int32_t> order{2, 6, 0, 1, 5, 4, 3};
};

/// All samples; or those from a place on that is read when the kernel runs.
std::vector<float> made(const Split& split, const AugmentSettings& augment,
                        bool channels_last, int64_t moving_from = -1) {
  std::vector<int32_t> partners;
  std::vector<float> shares;
  for (const int32_t sample : split.order) {
    if (augment.mixup <= 0) break;
    const MixPair pair =
        mix_pair(augment.mixup, kSeed, kEpoch, static_cast<uint32_t>(sample),
                 static_cast<uint32_t>(split.rows.size()));
    partners.push_back(static_cast<int32_t>(pair.partner));
    shares.push_back(pair.share);
  }
  std::vector<float> out(split.order.size() * split.images.image_bytes());
  CudaBatch batch;
  batch.images = split.pixels.data();
  batch.rows = split.rows.data();
  batch.order = split.order.data();
  batch.partners = partners.empty() ? nullptr : partners.data();
  batch.shares = shares.empty() ? nullptr : shares.data();
  batch.n = static_cast<int64_t>(split.order.size());
  batch.channels = static_cast<int>(split.images.channels);
  batch.height = kHeight;
  batch.width = kWidth;
  batch.augment = augment;
  batch.seed = kSeed;
  batch.place = {.first = 0, .epoch = kEpoch};
  batch.channels_last = channels_last;
  batch.out = out.data();
  const BatchPlace moving{.first = moving_from, .epoch = kEpoch};
  if (moving_from >= 0) {
    batch.place = {.first = 0, .epoch = kEpoch + 1};  // not to be read
    batch.moving = &moving;
    batch.n -= moving_from;
    out.resize(static_cast<size_t>(batch.n) * split.images.image_bytes());
    batch.out = out.data();
  }
  EXPECT_EQ(launch_data_kernel(batch, nullptr), nullptr);
  return out;
}

// [n, C, H, W] to [n, H, W, C].
std::vector<float> channels_behind(const std::vector<float>& x,
                                   size_t channels) {
  const size_t pixels = kHeight * kWidth;
  std::vector<float> y(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t image = i / pixels / channels, c = i / pixels % channels;
    y[(image * pixels + i % pixels) * channels + c] = x[i];
  }
  return y;
}

class DataKernelOnCpu : public testing::TestWithParam<size_t> {
 protected:
  void compare(const AugmentSettings& augment) {
    const Split split(GetParam());
    const std::vector<float> expected = split.expected(augment);
    EXPECT_EQ(made(split, augment, false), expected);
    EXPECT_EQ(made(split, augment, true),
              channels_behind(expected, GetParam()));
    emulated_order = Order::kBackward;
    EXPECT_EQ(made(split, augment, false), expected);
    emulated_order = Order::kForward;
  }
};

TEST_P(DataKernelOnCpu, Copies) { compare({}); }

TEST_P(DataKernelOnCpu, Changes) { compare(kEverything); }

TEST_P(DataKernelOnCpu, Mixes) {
  compare({.mixup = 0.4f});
  AugmentSettings augment = kEverything;
  augment.mixup = 0.4f;
  compare(augment);
}

TEST_P(DataKernelOnCpu, BeginsWhereAMovingPlaceIs) {
  const Split split(GetParam());
  AugmentSettings augment = kEverything;
  augment.mixup = 0.4f;
  const std::vector<float> all = split.expected(augment);
  const auto behind_three =
      static_cast<ptrdiff_t>(3 * split.images.image_bytes());
  EXPECT_EQ(made(split, augment, false, 3),
            std::vector<float>(all.begin() + behind_three, all.end()));
}

INSTANTIATE_TEST_SUITE_P(Channels, DataKernelOnCpu, testing::Values(1, 3));

}  // namespace
}  // namespace fer
