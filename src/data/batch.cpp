#include "data/batch.h"

#include <numeric>
#include <utility>

#include "core/parallel.h"

namespace fer {
namespace {

// Below this many pixels a batch is done before threads have started.
constexpr size_t kPlainPixelsPerThread = 4'000'000;
constexpr size_t kAugmentedPixelsPerThread = 50'000;

void to_floats(std::span<const uint8_t> image, float* out) {
  for (size_t i = 0; i < image.size(); ++i)
    out[i] = static_cast<float>(image[i]) / 255.0f;
}

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
  const int channels = static_cast<int>(images.channels);
  const int height = static_cast<int>(images.height);
  const int width = static_cast<int>(images.width);
  const auto work = [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const auto image = images.image(static_cast<size_t>(rows[samples[i]]));
      if (augment.any) {
        apply(plan(augment, seed, epoch, samples[i], height, width),
              image.data(), channels, height, width, out + i * pixels);
      } else {
        to_floats(image, out + i * pixels);
      }
    }
  };
  const size_t share =
      augment.any ? kAugmentedPixelsPerThread : kPlainPixelsPerThread;
  parallel_for(samples.size(), work,
               std::max<size_t>(1, share / std::max<size_t>(1, pixels)));
}

}  // namespace fer
