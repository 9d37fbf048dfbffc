// The data kernel against fill_batch(), to the bit.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "cuda/backend.h"
#include "train/batches.h"

namespace fer {
namespace {

ImageSet drawn(size_t n, size_t channels, std::vector<uint8_t>& pixels) {
  ImageSet images;
  images.channels = channels;
  images.height = 48;
  images.width = 40;  // not square: a swapped axis shows
  images.class_names = {"a", "b", "c"};
  pixels.resize(n * images.image_bytes());
  uint32_t state = 1;
  for (uint8_t& pixel : pixels)
    pixel =
        static_cast<uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
  for (size_t i = 0; i < n; ++i) {
    images.labels.push_back(static_cast<int64_t>(i % 3));
    images.ids.push_back("row-" + std::to_string(i));
  }
  images.pixels = pixels.data();
  return images;
}

AugmentSettings everything() {
  return {.horizontal_flip = 0.5f,
          .shift = 0.1f,
          .rotation = 20,
          .zoom = 0.2f,
          .brightness = 0.2f,
          .contrast = 0.3f,
          .cutout_probability = 0.5f,
          .cutout_size = 12,
          .any = true};
}

class DataKernel : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (!load_cuda().available) GTEST_SKIP() << load_cuda().reason;
  }

  void compare(const AugmentSettings& augment, bool channels_last) {
    std::vector<uint8_t> pixels;
    const ImageSet images = drawn(50, static_cast<size_t>(GetParam()), pixels);
    const std::vector<int64_t> rows{7, 49, 3, 3, 0, 21, 12, 30, 5, 44, 9};
    const torch::Device gpu(torch::kCUDA, 0);
    Batches host(images, rows, 4, torch::kCPU);
    Batches device(images, rows, 4, gpu,
                   DeviceImages::place(images, gpu, channels_last));
    for (uint32_t epoch : {1u, 2u}) {
      host.begin_epoch(9, epoch, augment);
      device.begin_epoch(9, epoch, augment);
      for (int64_t i = 0; i < host.count(); ++i) {
        const Batch a = host.get(i), b = device.get(i);
        EXPECT_TRUE(torch::equal(a.images, b.images.cpu())) << i;
        EXPECT_TRUE(torch::equal(a.labels, b.labels.cpu())) << i;
        expect_same_targets(a, b);
      }
      device.seek(0, 2);
      for (int64_t i = 0; i < 2; ++i) {
        const Batch a = host.get(i), b = device.next();
        EXPECT_TRUE(torch::equal(a.images, b.images.cpu())) << i;
        EXPECT_TRUE(torch::equal(a.labels, b.labels.cpu())) << i;
        expect_same_targets(a, b);
      }
    }
  }

  static void expect_same_targets(const Batch& a, const Batch& b) {
    ASSERT_EQ(a.targets.defined(), b.targets.defined());
    if (!a.targets.defined()) return;
    EXPECT_TRUE(torch::equal(a.targets, b.targets.cpu()));
  }
};

TEST_P(DataKernel, MixesAsTheCpu) {
  AugmentSettings augment = everything();
  augment.mixup = 0.4f;
  compare(augment, true);
  compare(augment, false);
}

TEST_P(DataKernel, CopiesAsTheCpu) {
  compare({}, true);
  compare({}, false);
}

TEST_P(DataKernel, ChangesAsTheCpu) {
  compare(everything(), true);
  compare(everything(), false);
}

INSTANTIATE_TEST_SUITE_P(Channels, DataKernel, testing::Values(1, 3));

TEST(PinnedBatches, ArriveAsTheyWereMade) {
  if (!load_cuda().available) GTEST_SKIP() << load_cuda().reason;
  std::vector<uint8_t> pixels;
  const ImageSet images = drawn(50, 3, pixels);
  const std::vector<int64_t> rows{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  Batches host(images, rows, 4, torch::kCPU);
  Batches sent(images, rows, 4, torch::Device(torch::kCUDA, 0));
  host.begin_epoch(9, 1, everything());
  sent.begin_epoch(9, 1, everything());
  // All at once: a buffer that is used again too early would show.
  std::vector<Batch> arrived;
  for (int64_t i = 0; i < sent.count(); ++i) arrived.push_back(sent.get(i));
  for (int64_t i = 0; i < sent.count(); ++i) {
    const auto at = static_cast<size_t>(i);
    EXPECT_TRUE(torch::equal(host.get(i).images, arrived[at].images.cpu()));
  }
}

}  // namespace
}  // namespace fer
