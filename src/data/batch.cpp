#include "data/batch.h"

#include <numeric>
#include <utility>

#include "core/parallel.h"
#include "data/mixup.h"

namespace fer {
namespace {

// Below this many pixels a batch is done before threads have started.
constexpr size_t kPlainPixelsPerThread = 4'000'000;
constexpr size_t kAugmentedPixelsPerThread = 50'000;

void to_floats(std::span<const uint8_t> image, float* out) {
  for (size_t i = 0; i < image.size(); ++i)
    out[i] = static_cast<float>(image[i]) / 255.0f;
}

// What an epoch makes of a split's images.
struct Changes {
  const ImageSet& images;
  std::span<const int64_t> rows;
  const AugmentSettings& augment;
  uint64_t seed;
  uint32_t epoch;

  void fill_alone(uint32_t sample, float* out) const {
    const auto image = images.image(static_cast<size_t>(rows[sample]));
    if (!augment.any) return to_floats(image, out);
    const auto channels = static_cast<int>(images.channels);
    const auto height = static_cast<int>(images.height);
    const auto width = static_cast<int>(images.width);
    apply(plan(augment, seed, epoch, sample, height, width), image.data(),
          channels, height, width, out);
  }

  void fill(uint32_t sample, float* out) const {
    fill_alone(sample, out);
    if (augment.mixup <= 0) return;
    const auto [partner, share] = mix_pair(augment.mixup, seed, epoch, sample,
                                           static_cast<uint32_t>(rows.size()));
    std::vector<float> other(images.image_bytes());
    fill_alone(partner, other.data());
    const float rest = 1 - share;
    for (size_t i = 0; i < other.size(); ++i)
      out[i] = mixed(share, out[i], rest, other[i]);
  }
};

}  // namespace

std::vector<uint32_t> epoch_order(size_t n, uint64_t seed, uint32_t epoch) {
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  Philox random(seed, epoch, 0, Purpose::kShuffle);
  for (size_t i = n; i > 1; --i)
    std::swap(order[i - 1], order[random.below(static_cast<uint32_t>(i))]);
  return order;
}

void fill_batch(const ImageSet& images, std::span<const int64_t> rows,
                std::span<const uint32_t> samples,
                const AugmentSettings& augment, uint64_t seed, uint32_t epoch,
                float* out) {
  const size_t pixels = images.image_bytes();
  const Changes changes{images, rows, augment, seed, epoch};
  const auto work = [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i)
      changes.fill(samples[i], out + i * pixels);
  };
  const size_t share = augment.any || augment.mixup > 0
                           ? kAugmentedPixelsPerThread
                           : kPlainPixelsPerThread;
  parallel_for(samples.size(), work,
               std::max<size_t>(1, share / std::max<size_t>(1, pixels)));
}

}  // namespace fer
