#include "data/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "data/mixup.h"

namespace fer {
namespace {

// n gray images 8x8 of random pixels.
ImageSet noise(size_t n, size_t channels = 1) {
  ImageSet images;
  images.channels = channels;
  images.height = images.width = 8;
  images.class_names = {"a"};
  images.labels.assign(n, 0);
  auto pixels = std::make_shared<std::vector<uint8_t>>(n * channels * 64);
  Philox random(9, 0, 0, Purpose::kSynthetic);
  for (uint8_t& value : *pixels) value = static_cast<uint8_t>(random.next());
  images.pixels = pixels->data();
  images.owner = pixels;
  return images;
}

AugmentSettings some_changes() {
  AugmentConfig config;
  config.horizontal_flip = 0.5;
  config.rotation = 20;
  config.shift = 0.1;
  config.cutout_probability = 0.5;
  config.cutout_size = 3;
  return augment_settings(config);
}

std::vector<float> batch(const ImageSet& images, std::vector<int64_t> rows,
                         std::vector<uint32_t> samples,
                         const AugmentSettings& settings, uint64_t seed = 1,
                         uint32_t epoch = 2) {
  std::vector<float> out(samples.size() * images.image_bytes());
  fill_batch(images, rows, samples, settings, seed, epoch, out.data());
  return out;
}

TEST(EpochOrder, IsAPermutation) {
  for (const size_t n : {0u, 1u, 2u, 1000u}) {
    auto order = epoch_order(n, 42, 3);
    ASSERT_EQ(order.size(), n);
    std::ranges::sort(order);
    for (size_t i = 0; i < n; ++i) EXPECT_EQ(order[i], i);
  }
}

TEST(EpochOrder, DependsOnSeedAndEpochOnly) {
  EXPECT_EQ(epoch_order(100, 42, 3), epoch_order(100, 42, 3));
  EXPECT_NE(epoch_order(100, 42, 3), epoch_order(100, 42, 4));
  EXPECT_NE(epoch_order(100, 42, 3), epoch_order(100, 43, 3));
}

TEST(EpochOrder, StaysAsItWas) {
  // Guards resumed runs against a change of the generator: computed from
  // the definition by tests/reference/philox.py.
  EXPECT_THAT(epoch_order(8, 42, 0),
              testing::ElementsAre(2, 6, 5, 0, 3, 7, 4, 1));
}

TEST(EpochOrder, PutsEverySampleFirstEquallyOften) {
  std::vector<int> first(10);
  for (uint32_t epoch = 0; epoch < 10'000; ++epoch)
    ++first[epoch_order(10, 7, epoch)[0]];
  for (const int n : first) EXPECT_NEAR(n, 1000, 150);  // deviation 30
}

TEST(FillBatch, DividesBy255Exactly) {
  const ImageSet images = noise(5, 3);
  const auto out = batch(images, {3, 1, 4}, {2, 0}, {});
  ASSERT_EQ(out.size(), 2u * 192);
  for (size_t i = 0; i < 192; ++i) {
    EXPECT_EQ(out[i], static_cast<float>(images.image(4)[i]) / 255.0f);
    EXPECT_EQ(out[192 + i], static_cast<float>(images.image(3)[i]) / 255.0f);
  }
}

TEST(FillBatch, ChangesDoNotDependOnTheBatch) {
  const ImageSet images = noise(6);
  const std::vector<int64_t> rows = {0, 1, 2, 3, 4, 5};
  const auto alone = batch(images, rows, {4}, some_changes());
  const auto among = batch(images, rows, {5, 0, 4, 1}, some_changes());
  EXPECT_TRUE(std::equal(alone.begin(), alone.end(), among.begin() + 2 * 64));
}

TEST(FillBatch, CopiesOfOneImageAreChangedEachInItsWay) {
  const ImageSet images = noise(1);
  const auto out = batch(images, {0, 0}, {0, 1}, some_changes());
  EXPECT_FALSE(std::equal(out.begin(), out.begin() + 64, out.begin() + 64));
}

TEST(FillBatch, UsesThePlanOfSeedEpochAndSample) {
  const ImageSet images = noise(3);
  const auto out = batch(images, {2, 0, 1}, {1}, some_changes(), 11, 7);
  std::vector<float> expected(64);
  apply(plan(some_changes(), 11, 7, 1, 8, 8), images.image(0).data(), 1, 8, 8,
        expected.data());
  EXPECT_EQ(out, expected);
}

TEST(FillBatch, LargeBatchesOnManyThreadsEqualSmallOnes) {
  const ImageSet images = noise(3000);
  std::vector<int64_t> rows(3000);
  for (size_t i = 0; i < rows.size(); ++i)
    rows[i] = static_cast<int64_t>(rows.size() - 1 - i);
  const auto samples = epoch_order(3000, 1, 1);
  const auto large = batch(images, rows, samples, some_changes());
  for (size_t at = 0; at < samples.size(); at += 100) {
    const std::vector<uint32_t> part(
        samples.begin() + static_cast<ptrdiff_t>(at),
        samples.begin() + static_cast<ptrdiff_t>(at + 100));
    const auto small = batch(images, rows, part, some_changes());
    ASSERT_TRUE(std::equal(small.begin(), small.end(),
                           large.begin() + static_cast<ptrdiff_t>(at * 64)));
  }
}

TEST(FillBatch, MixesASampleWithItsPartnerEachChangedInItsWay) {
  const ImageSet images = noise(5);
  const std::vector<int64_t> rows = {4, 0, 3, 1, 2};
  for (AugmentSettings settings : {AugmentSettings{}, some_changes()}) {
    const AugmentSettings alone = settings;
    settings.mixup = 0.4f;
    for (uint32_t sample = 0; sample < 5; ++sample) {
      const MixPair pair = mix_pair(0.4f, 1, 2, sample, 5);
      const auto own = batch(images, rows, {sample}, alone);
      const auto partner = batch(images, rows, {pair.partner}, alone);
      const auto both = batch(images, rows, {sample}, settings);
      for (size_t i = 0; i < 64; ++i)
        EXPECT_EQ(both[i], pair.share * own[i] + (1 - pair.share) * partner[i]);
    }
  }
}

}  // namespace
}  // namespace fer
