#include "train/batches.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "data/batch.h"
#include "emulated_images.h"

namespace fer {
namespace {

constexpr uint64_t kSeed = 42;

/// n images of 2x3 pixels in `channels`; every byte of image i is i, its label
/// i % 3.
ImageSet numbered(size_t n, size_t channels = 1) {
  ImageSet set;
  set.channels = channels;
  set.height = 2;
  set.width = 3;
  set.class_names = {"a", "b", "c"};
  const size_t bytes = set.image_bytes();
  const auto pixels = std::make_shared<std::vector<uint8_t>>(n * bytes);
  for (size_t i = 0; i < n * bytes; ++i) {
    (*pixels)[i] = static_cast<uint8_t>(i / bytes);
  }
  for (size_t i = 0; i < n; ++i) {
    set.labels.push_back(static_cast<int64_t>(i % 3));
  }
  set.pixels = pixels->data();
  set.owner = pixels;
  return set;
}

std::vector<int64_t> first_rows(size_t n) {
  std::vector<int64_t> rows(n);
  for (size_t i = 0; i < n; ++i) rows[i] = static_cast<int64_t>(i);
  return rows;
}

Batches batches(size_t n, int64_t batch_size) {
  return {numbered(n), first_rows(n), batch_size, torch::kCPU};
}

/// The numbers of all images in the order of the batches.
std::vector<int64_t> order(const Batches& batches) {
  std::vector<int64_t> found;
  for (int64_t i = 0; i < batches.count(); ++i) {
    const torch::Tensor images = batches.get(i).images;
    for (int64_t k = 0; k < images.size(0); ++k) {
      found.push_back(
          (images[k][0][0][0] * 255).round().to(torch::kLong).item<int64_t>());
    }
  }
  return found;
}

std::vector<int64_t> order_of(size_t n, int64_t batch_size, uint64_t seed,
                              uint32_t epoch) {
  Batches b = batches(n, batch_size);
  b.begin_epoch(seed, epoch, {});
  return order(b);
}

TEST(Batches, TheLastOneHoldsTheRest) {
  const Batches b = batches(10, 4);
  ASSERT_EQ(b.count(), 3);  // 4 + 4 + 2
  EXPECT_EQ(b.samples(), 10);
  EXPECT_EQ(b.get(0).images.sizes().vec(), (std::vector<int64_t>{4, 1, 2, 3}));
  EXPECT_EQ(b.get(2).images.sizes().vec(), (std::vector<int64_t>{2, 1, 2, 3}));
  EXPECT_EQ(b.get(2).labels.sizes().vec(), (std::vector<int64_t>{2}));
}

TEST(Batches, HaveNoEmptyOneAtTheEnd) {
  EXPECT_EQ(batches(8, 4).count(), 2);
  EXPECT_EQ(batches(3, 4).count(), 1);
  EXPECT_EQ(batches(3, 4).get(0).labels.size(0), 3);
}

TEST(Batches, FollowTheSplitBeforeAnEpochBegins) {
  const Batches b({numbered(10), {7, 2, 9, 2}, 3, torch::kCPU});
  EXPECT_EQ(order(b), (std::vector<int64_t>{7, 2, 9, 2}));
  EXPECT_EQ(b.labels(), (std::vector<int64_t>{1, 2, 0, 2}));
}

TEST(Batches, HoldFloatsFromZeroToOneAndTheirLabels) {
  const Batches b({numbered(256, 3), {0, 255, 51}, 3, torch::kCPU});
  const Batch batch = b.get(0);
  EXPECT_EQ(batch.images.scalar_type(), torch::kFloat);
  EXPECT_EQ(batch.labels.scalar_type(), torch::kLong);
  EXPECT_EQ(batch.images.sizes().vec(), (std::vector<int64_t>{3, 3, 2, 3}));
  EXPECT_EQ(batch.images[0].max().item<float>(), 0.0f);
  EXPECT_EQ(batch.images[1].min().item<float>(), 1.0f);
  EXPECT_FLOAT_EQ(batch.images[2].min().item<float>(), 0.2f);  // 51 / 255
  EXPECT_FLOAT_EQ(batch.images[2].max().item<float>(), 0.2f);
}

TEST(Batches, CarrySoftLabelsWhereTheImagesHaveSome) {
  ImageSet set = numbered(10);
  for (size_t i = 0; i < 10; ++i) {
    const float p = static_cast<float>(i) / 16;
    set.targets.insert(set.targets.end(), {p, 1 - p, 0});
  }
  Batches b(set, {7, 2, 9, 2}, 3, torch::kCPU);
  EXPECT_EQ(b.get(0).targets.sizes().vec(), (std::vector<int64_t>{3, 3}));
  EXPECT_EQ(b.get(0).targets[0][0].item<float>(), 7 / 16.0f);
  EXPECT_EQ(b.get(0).targets[1][1].item<float>(), 14 / 16.0f);
  EXPECT_EQ(b.get(1).targets[0][0].item<float>(), 2 / 16.0f);
  EXPECT_TRUE(b.get(0).truth().equal(b.get(0).targets));
  // They follow their image through the order of an epoch.
  b.begin_epoch(kSeed, 1, {});
  for (int64_t i = 0; i < b.count(); ++i) {
    const Batch batch = b.get(i);
    const torch::Tensor number =
        batch.images.select(1, 0).select(1, 0).select(1, 0) * 255;
    EXPECT_TRUE((batch.targets.select(1, 0) * 16).allclose(number));
  }
}

TEST(Batches, WithoutSoftLabelsAreComparedWithLabels) {
  const Batch batch = batches(4, 4).get(0);
  EXPECT_FALSE(batch.targets.defined());
  EXPECT_TRUE(batch.truth().equal(batch.labels));
}

TEST(Batches, ShowEveryImageOnceInAnEpochWithItsLabel) {
  Batches b = batches(50, 8);
  b.begin_epoch(kSeed, 3, {});
  std::vector<int64_t> found = order(b), labels;
  for (int64_t i = 0; i < b.count(); ++i) {
    const torch::Tensor part = b.get(i).labels;
    labels.insert(labels.end(), part.data_ptr<int64_t>(),
                  part.data_ptr<int64_t>() + part.numel());
  }
  for (size_t i = 0; i < found.size(); ++i) EXPECT_EQ(labels[i], found[i] % 3);
  EXPECT_NE(found, first_rows(50));
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, first_rows(50));
}

TEST(Batches, OrderDependsOnSeedAndEpochOnly) {
  const std::vector<int64_t> expected = order_of(50, 8, kSeed, 3);
  EXPECT_EQ(order_of(50, 8, kSeed, 3), expected);
  EXPECT_EQ(order_of(50, 13, kSeed, 3), expected);  // not on the batch size
  EXPECT_NE(order_of(50, 8, kSeed, 4), expected);
  EXPECT_NE(order_of(50, 8, kSeed + 1, 3), expected);
  // Nor on the epochs before, nor on batches taken.
  Batches b = batches(50, 8);
  for (const uint32_t epoch : {1u, 5u, 3u}) {
    b.begin_epoch(kSeed, epoch, {});
    b.get(2);
  }
  EXPECT_EQ(order(b), expected);
}

TEST(Batches, EveryEpochHasItsOwnOrder) {
  std::set<std::vector<int64_t>> orders;
  for (uint32_t epoch = 1; epoch <= 20; ++epoch) {
    orders.insert(order_of(50, 8, kSeed, epoch));
  }
  EXPECT_EQ(orders.size(), 20u);
}

TEST(Batches, CanBeTakenInAnyOrderAndAgain) {
  Batches b = batches(20, 6);
  b.begin_epoch(kSeed, 1, {});
  const torch::Tensor last = b.get(3).images;
  b.get(0);
  EXPECT_TRUE(b.get(3).images.equal(last));
}

TEST(Batches, AugmentationOfAnImageDependsOnItsPlaceInTheSplitOnly) {
  // A gradient image, shifted at random: the same whatever the batch size.
  ImageSet set = numbered(12);
  const auto pixels = std::make_shared<std::vector<uint8_t>>(12 * 6);
  for (size_t i = 0; i < pixels->size(); ++i) {
    (*pixels)[i] = static_cast<uint8_t>(37 * i % 251);
  }
  set.pixels = pixels->data();
  set.owner = pixels;
  AugmentConfig config;
  config.horizontal_flip = 0.5;
  config.shift = 0.3;
  torch::Tensor epochs[2];
  for (const int64_t batch_size : {4, 5}) {
    Batches b(set, first_rows(12), batch_size, torch::kCPU);
    b.begin_epoch(kSeed, 2, augment_settings(config));
    std::vector<torch::Tensor> parts;
    for (int64_t i = 0; i < b.count(); ++i) parts.push_back(b.get(i).images);
    epochs[batch_size - 4] = at::cat(parts);
  }
  EXPECT_TRUE(epochs[0].equal(epochs[1]));
  Batches plain(set, first_rows(12), 12, torch::kCPU);
  plain.begin_epoch(kSeed, 2, {});
  EXPECT_FALSE(epochs[0].equal(plain.get(0).images));
}

AugmentSettings mixing() {
  AugmentConfig config;
  config.horizontal_flip = 0.5;
  config.shift = 0.3;
  config.mixup = 0.4;
  return augment_settings(config);
}

TEST(Batches, MixLabelsAsTheyMixImages) {
  Batches b = batches(12, 12);
  AugmentSettings settings;
  settings.mixup = 0.4f;
  b.begin_epoch(kSeed, 2, settings);
  const Batch batch = b.get(0);
  const std::vector<uint32_t> samples = epoch_order(12, kSeed, 2);
  ASSERT_EQ(batch.targets.sizes().vec(), (std::vector<int64_t>{12, 3}));
  for (int64_t i = 0; i < 12; ++i) {
    const uint32_t sample = samples[static_cast<size_t>(i)];
    const auto [partner, share] = mix_pair(0.4f, kSeed, 2, sample, 12);
    torch::Tensor expected = torch::zeros({3});
    expected[sample % 3] += share;
    expected[partner % 3] += 1 - share;
    EXPECT_TRUE(batch.targets[i].equal(expected)) << i;
    // The image's own label: what the accuracy counts.
    EXPECT_EQ(batch.labels[i].item<int64_t>(), sample % 3);
    const float pixel = share * static_cast<float>(sample) / 255 +
                        (1 - share) * static_cast<float>(partner) / 255;
    EXPECT_NEAR(batch.images[i][0][0][0].item<float>(), pixel, 1e-7f);
  }
}

TEST(Batches, MixSoftLabels) {
  ImageSet set = numbered(6);
  for (size_t i = 0; i < 6; ++i) {
    const float p = static_cast<float>(i) / 8;
    set.targets.insert(set.targets.end(), {p, 1 - p, 0});
  }
  Batches b(set, first_rows(6), 6, torch::kCPU);
  b.begin_epoch(kSeed, 1, mixing());
  const torch::Tensor targets = b.get(0).targets;
  const std::vector<uint32_t> samples = epoch_order(6, kSeed, 1);
  for (int64_t i = 0; i < 6; ++i) {
    const uint32_t sample = samples[static_cast<size_t>(i)];
    const auto [partner, share] = mix_pair(0.4f, kSeed, 1, sample, 6);
    EXPECT_FLOAT_EQ(targets[i][0].item<float>(),
                    share * static_cast<float>(sample) / 8 +
                        (1 - share) * static_cast<float>(partner) / 8);
  }
  EXPECT_TRUE(targets.sum(1).allclose(torch::ones({6})));
}

TEST(Batches, AreNotMixedBeforeAnEpochBegins) {
  EXPECT_FALSE(batches(4, 4).get(0).targets.defined());
}

// Gradient images in three channels, with soft labels or without.
ImageSet pictures(bool soft) {
  ImageSet set = numbered(23, 3);
  const auto pixels = std::make_shared<std::vector<uint8_t>>(23 * 18);
  for (size_t i = 0; i < pixels->size(); ++i)
    (*pixels)[i] = static_cast<uint8_t>(37 * i % 251);
  set.pixels = pixels->data();
  set.owner = pixels;
  for (size_t i = 0; soft && i < 23; ++i) {
    const float p = static_cast<float>(i) / 32;
    set.targets.insert(set.targets.end(), {p, 1 - p, 0});
  }
  return set;
}

void expect_equal(const Batch& a, const Batch& b) {
  EXPECT_TRUE(a.images.equal(b.images));
  EXPECT_TRUE(a.labels.equal(b.labels));
  ASSERT_EQ(a.targets.defined(), b.targets.defined());
  if (!a.targets.defined()) return;
  EXPECT_TRUE(a.targets.equal(b.targets));
}

// The data kernel's arithmetic and addresses, as it runs on the CPU.
TEST(ResidentBatches, EqualThoseOfTheHost) {
  for (const bool soft : {false, true}) {
    for (const bool channels_last : {false, true}) {
      for (const AugmentSettings& settings : {AugmentSettings{}, mixing()}) {
        const ImageSet set = pictures(soft);
        Batches host(set, first_rows(23), 5, torch::kCPU);
        Batches resident(set, first_rows(23), 5, torch::kCPU,
                         emulated_images(set, channels_last));
        for (int64_t i = 0; i < host.count(); ++i)
          expect_equal(resident.get(i), host.get(i));
        for (uint32_t epoch = 1; epoch <= 2; ++epoch) {
          host.begin_epoch(kSeed, epoch, settings);
          resident.begin_epoch(kSeed, epoch, settings);
          for (int64_t i = 0; i < host.count(); ++i)
            expect_equal(resident.get(i), host.get(i));
        }
      }
    }
  }
}

TEST(ResidentBatches, MoveOnByThemselves) {
  const ImageSet set = pictures(false);
  Batches b(set, first_rows(23), 5, torch::kCPU, emulated_images(set, true));
  ASSERT_TRUE(b.feeds_itself());
  ASSERT_EQ(b.full(), 4);
  for (uint32_t epoch = 1; epoch <= 3; ++epoch) {
    b.begin_epoch(kSeed, epoch, mixing());
    b.seek(0, 2);
    expect_equal(b.next(), b.get(0));
    expect_equal(b.next(), b.get(1));
    b.seek(2, 1);  // where they stand already
    expect_equal(b.next(), b.get(2));
    b.seek(1, 1);
    expect_equal(b.next(), b.get(1));
  }
  EXPECT_FALSE(batches(10, 4).feeds_itself());
  b.hide_patches({.patches = 6, .visible = 2});
  EXPECT_FALSE(b.feeds_itself()) << "patches are drawn by the host";
}

TEST(ResidentBatches, StayWhereTheyAreFromEpochToEpoch) {
  const ImageSet set = pictures(false);
  Batches b(set, first_rows(23), 5, torch::kCPU, emulated_images(set, true));
  b.begin_epoch(kSeed, 1, mixing());
  const void* labels = b.get(0).labels.data_ptr();
  const void* targets = b.get(0).targets.data_ptr();
  b.begin_epoch(kSeed, 2, mixing());
  EXPECT_EQ(b.get(0).labels.data_ptr(), labels);
  EXPECT_EQ(b.get(0).targets.data_ptr(), targets);
}

TEST(DescribeData, SaysWhereBatchesAreMade) {
  ImageSet set = numbered(1000, 3);
  set.height = set.width = 48;
  EXPECT_EQ(describe_data(nullptr, set),
            "data: 6.6 MiB do not fit into half of the free GPU memory; "
            "batches are sent");
  const ImageSet small = numbered(2);
  EXPECT_EQ(describe_data(emulated_images(small, true).get(), set),
            "data: 6.6 MiB on the GPU");
}

}  // namespace
}  // namespace fer
